package dev.askape.gateway;

import java.time.Duration;

/// What clients may do, and how streams are paced.
///
/// @param messageCharacters UTF-16 code units of one message
/// @param modelsPerTurn models that one message may name
/// @param sessionsPerSocket sessions that one socket may have joined at once
/// @param eventsPerSecond events that one socket may send for long
/// @param eventsBurst events that one socket may send at once
/// @param merge how far apart the chunks of one answer are at least; zero: every fragment at once
/// @param fullBytesPerSecond what an answer may cost one viewer whose chunks repeat the whole text
/// @param historyWait how long the history of a session without messages waits for a first one
/// @param historyEntries entries of the history that a join brings
/// @param historyPage entries of a page when a client does not say
/// @param historyPageMax entries of a page at most
public record GatewaySettings(
    int messageCharacters,
    int modelsPerTurn,
    int sessionsPerSocket,
    int eventsPerSecond,
    int eventsBurst,
    Duration merge,
    int fullBytesPerSecond,
    Duration historyWait,
    int historyEntries,
    int historyPage,
    int historyPageMax) {
  public static GatewaySettings defaults() {
    return new GatewaySettings(
        32_000, 8, 32, 50, 100, Duration.ofMillis(25), 128_000, Duration.ofMillis(30), 50, 50, 100);
  }
}
