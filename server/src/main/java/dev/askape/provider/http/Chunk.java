package dev.askape.provider.http;

import org.jspecify.annotations.Nullable;

/// What one value of a stream says, filled by a [Dialect], used at once and cleared for the next
/// one; only the tokens are those of the whole stream so far. Confined to one thread.
public final class Chunk {
  private final TokenCounts tokens = new TokenCounts();
  private final ErrorFields errors = new ErrorFields();
  private String text = "";
  private String thinking = "";
  private @Nullable String finishReason;
  private boolean done;

  void clear() {
    text = "";
    thinking = "";
    finishReason = null;
    done = false;
    errors.clear();
  }

  /// Appends to the answer.
  public void addText(String more) {
    text = text.isEmpty() ? more : text + more;
  }

  /// Appends to the reasoning.
  public void addThinking(String more) {
    thinking = thinking.isEmpty() ? more : thinking + more;
  }

  /// The model ended, for this reason in the provider's words; empty words say nothing.
  public void finish(String reason) {
    if (!reason.isEmpty()) {
      finishReason = reason;
    }
  }

  /// The stream said that nothing follows.
  public void end() {
    done = true;
  }

  /// What is known of the tokens.
  public TokenCounts tokens() {
    return tokens;
  }

  /// What it says of an error.
  public ErrorFields errors() {
    return errors;
  }

  /// The answer's next fragment; empty for none.
  public String text() {
    return text;
  }

  /// The reasoning's next fragment; empty for none.
  public String thinking() {
    return thinking;
  }

  /// As the provider wrote it.
  public @Nullable String finishReason() {
    return finishReason;
  }

  /// Whether it is the last one.
  public boolean isLast() {
    return done;
  }

  public @Nullable ApiError error() {
    return errors.found();
  }
}
