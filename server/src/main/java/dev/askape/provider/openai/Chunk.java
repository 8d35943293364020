package dev.askape.provider.openai;

import dev.askape.chat.Usage;
import org.jspecify.annotations.Nullable;

/// What one chunk of a stream says. Filled by [ChunkParser], used at once and cleared for the next
/// one. Confined to one thread.
final class Chunk {
  /// The answer's next fragment; empty for none.
  String text = "";

  /// The reasoning's next fragment; empty for none.
  String thinking = "";

  /// As the server wrote it.
  @Nullable String finishReason;

  @Nullable Usage usage;
  @Nullable ApiError error;

  void clear() {
    text = "";
    thinking = "";
    finishReason = null;
    usage = null;
    error = null;
  }

  void addText(String more) {
    text = text.isEmpty() ? more : text + more;
  }

  void addThinking(String more) {
    thinking = thinking.isEmpty() ? more : thinking + more;
  }
}
