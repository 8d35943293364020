package dev.askape.chat;

import java.time.Duration;
import java.util.function.UnaryOperator;

/// Settings for tests: nothing is limited and housekeeping never comes, unless the test says so.
final class TestSettings {
  int turnsPerIdentity = 1_000;
  int turnsPerSession = 1_000;
  int answers = 10_000;
  int turnsPerMinute;
  int answerBytes = 1 << 20;
  int liveSessions = 1_000;
  int contextTokens = 16_000;
  int contextTurns = 200;
  long historyChars = 16_000_000;
  Duration housekeeping = Duration.ofHours(1);
  Budgets budgets = Budgets.NONE;

  /// What becomes of each model before it is offered.
  UnaryOperator<Model> models = UnaryOperator.identity();

  Duration storeWait = Duration.ofSeconds(30);

  ChatSettings build() {
    return new ChatSettings(
        turnsPerIdentity,
        turnsPerSession,
        answers,
        turnsPerMinute,
        answerBytes,
        liveSessions,
        contextTokens,
        contextTurns,
        historyChars,
        housekeeping,
        storeWait,
        Duration.ofMinutes(1),
        Duration.ofMinutes(2),
        budgets);
  }
}
