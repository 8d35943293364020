package dev.askape.chat;

import java.time.Duration;

/// The limits of the domain.
///
/// @param turnsPerIdentity turns of one party that may run at once
/// @param turnsPerSession turns of one session that may run at once
/// @param answers answers that may run at once, in all
/// @param turnsPerMinute of one party; 0 means no limit
/// @param answerBytes how long one answer may become, in UTF-8
/// @param liveSessions sessions in memory at once
/// @param contextTokens how much of a conversation is sent to a model whose context window is not
///   known
/// @param contextTurns how many earlier turns are looked at for a context
/// @param historyChars characters of a session that are read at once, for a history or a context;
///   older turns are left out beyond it
/// @param checkpoint how often what running answers said is kept
/// @param storeWait how long an answer's end waits for the store before it is told all the same
/// @param linger how long a session without messages belongs to its first joiner after he has gone
/// @param logRetention how long a turn that is over waits in the log for a viewer that is behind
/// @param budgets how much each identity and each turn may use
public record ChatSettings(
    int turnsPerIdentity,
    int turnsPerSession,
    int answers,
    int turnsPerMinute,
    int answerBytes,
    int liveSessions,
    int contextTokens,
    int contextTurns,
    long historyChars,
    Duration checkpoint,
    Duration storeWait,
    Duration linger,
    Duration logRetention,
    Budgets budgets) {
  public static ChatSettings defaults() {
    return new ChatSettings(
        8,
        4,
        2_000,
        60,
        1 << 20,
        100_000,
        16_000,
        200,
        16_000_000,
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofMinutes(1),
        Duration.ofMinutes(2),
        Budgets.NONE);
  }
}
