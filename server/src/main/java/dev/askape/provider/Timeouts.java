package dev.askape.provider;

import java.time.Duration;

/// How long a call to a provider may take, stage by stage. What is over one of these ends as
/// [dev.askape.chat.ErrorType#TIMEOUT].
///
/// @param connect until there is a connection (name, TCP and TLS; a wait for the pool included)
/// @param headers from the request to the head of the response
/// @param firstToken from the head of the response to the first word, of the answer or of the
///   reasoning; comments that keep the connection alive do not count
/// @param betweenTokens from one word to the next
/// @param total the whole call
public record Timeouts(
    Duration connect,
    Duration headers,
    Duration firstToken,
    Duration betweenTokens,
    Duration total) {
  public static final Timeouts DEFAULTS =
      new Timeouts(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofMinutes(5));

  public Timeouts {
    checkPositive("connect", connect);
    checkPositive("headers", headers);
    checkPositive("firstToken", firstToken);
    checkPositive("betweenTokens", betweenTokens);
    checkPositive("total", total);
  }

  private static void checkPositive(String name, Duration duration) {
    if (!duration.isPositive() || duration.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(name + " must be more than 0 and at most a day");
    }
  }
}
