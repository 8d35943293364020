package dev.askape.chat;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Counts what a turn uses while its answers are written, and says when that is enough. Safe for
/// any thread.
///
/// A token is at least one byte of text. So what was said counts as a token for each byte, until
/// that would be too much or [#TAIL] bytes have come together; then they are counted, once, in
/// their place. It never counts too little, and counts every character exactly once.
final class TurnMeter {
  /// Counts nothing and never says stop.
  static final TurnMeter UNLIMITED = new TurnMeter(_ -> 0, Optional.empty(), List.of());

  private static final int TAIL = 1_024;

  private final TokenCounter tokens;
  private final @Nullable Money mostMoney;
  private final long mostTokens;

  @GuardedBy("this")
  private final Share[] shares;

  /// What one answer may use.
  ///
  /// @param prompt tokens of its prompt
  /// @param promptCost what that costs
  /// @param price of its completion, per million tokens
  /// @param mostTokens of its completion
  record Bounds(long prompt, Money promptCost, Money price, long mostTokens) {}

  /// What the answers of a turn may use, in the order of their places.
  TurnMeter(TokenCounter tokens, Optional<Budgets.OfTurn> limit, List<Bounds> answers) {
    this.tokens = tokens;
    this.mostTokens = limit.map(l -> l.tokens().orElse(Long.MAX_VALUE)).orElse(Long.MAX_VALUE);
    this.mostMoney = limit.flatMap(Budgets.OfTurn::money).orElse(null);
    this.shares = answers.stream().map(Share::new).toArray(Share[]::new);
  }

  /// What is to be done after something was said.
  enum Verdict {
    GO_ON,
    /// This answer has all it may have.
    ANSWER_IS_OVER,
    /// The turn has all it may have.
    TURN_IS_OVER
  }

  /// Hears what the answer at a place has said.
  ///
  /// @param bytes of the fragment, in UTF-8
  Verdict said(int place, String fragment, int bytes) {
    if (this == UNLIMITED) {
      return Verdict.GO_ON;
    }
    synchronized (this) {
      var share = shares[place];
      share.add(fragment, bytes);
      if (share.tailBytes >= TAIL || share.completion() > share.bounds.mostTokens) {
        share.count(tokens);
      }
      if (isOver()) {
        for (var other : shares) {
          other.count(tokens);
        }
        if (isOver()) {
          return Verdict.TURN_IS_OVER;
        }
      }
      return share.completion() > share.bounds.mostTokens ? Verdict.ANSWER_IS_OVER : Verdict.GO_ON;
    }
  }

  @GuardedBy("this")
  private boolean isOver() {
    long used = 0;
    double billionths = 0;
    for (var share : shares) {
      used = Saturated.sum(used, Saturated.sum(share.bounds.prompt, share.completion()));
      billionths +=
          share.bounds.promptCost.billionths()
              + share.completion() * (share.bounds.price.billionths() / 1e6);
    }
    return used >= mostTokens || (mostMoney != null && billionths >= mostMoney.billionths());
  }

  /// One answer: what was counted of it, and what was said since.
  private static final class Share {
    private final Bounds bounds;
    private final StringBuilder tail = new StringBuilder();
    private int tailBytes;
    private long counted;

    Share(Bounds bounds) {
      this.bounds = bounds;
    }

    void add(String fragment, int bytes) {
      tail.append(fragment);
      tailBytes += bytes;
    }

    /// At least the tokens of what was said.
    long completion() {
      return counted + tailBytes;
    }

    void count(TokenCounter tokens) {
      if (tailBytes > 0) {
        counted += tokens.count(tail.toString());
        tail.setLength(0);
        tailBytes = 0;
      }
    }
  }
}
