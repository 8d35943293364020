package dev.askape.provider;

import dev.askape.chat.Outcome;
import java.time.Duration;
import java.util.Optional;

/// How one request to a provider ended.
///
/// @param trouble what it says about the provider
/// @param retryAfter how long the provider wants to be left alone, if it said so
public record Attempt(Outcome outcome, Trouble trouble, Optional<Duration> retryAfter) {
  /// What a request says about the provider, for whoever decides about the next one.
  public enum Trouble {
    /// None: it was answered, or what was asked was at fault (a wrong name, a refused content).
    NONE,
    /// It may be over in a moment: no connection, or one that broke before the head of the
    /// response; 408, 409, 429, 5xx, or an error in the stream that means one of these. Worth
    /// another try while nothing was said.
    PASSING,
    /// Something is wrong, and the request may have cost money: out of time after it was sent, a
    /// stream that broke off or made no sense. Not asked again.
    BROKEN,
    /// The key is not accepted: 401, 403. Not asked again, and no other request needs to try.
    KEY
  }

  public static Attempt answered(Outcome outcome) {
    return new Attempt(outcome, Trouble.NONE, Optional.empty());
  }

  public static Attempt failed(Outcome.Failed outcome, Trouble trouble) {
    return new Attempt(outcome, trouble, Optional.empty());
  }
}
