package dev.askape.storage.sqlite;

import static dev.askape.storage.Samples.ANNA;
import static dev.askape.storage.Samples.GUEST;
import static dev.askape.storage.Samples.START;
import static dev.askape.storage.Samples.completed;
import static dev.askape.storage.Samples.session;
import static dev.askape.storage.Samples.text;
import static dev.askape.storage.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.MessageId;
import dev.askape.chat.SessionId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueryPlanTest {
  @Test
  void findsEveryRowByAnIndex() {
    try (var store = SqliteStore.open(SqliteSettings.memory())) {
      callEverything(store);

      var plans = store.write(QueryPlanTest::plans);

      assertThat(plans).hasSizeGreaterThan(10);
      assertThat(plans)
          .allSatisfy(plan ->
              // The index of what is running holds nothing else, and so does the table of holds.
              assertThat(
                      plan.replace("SCAN turns USING INDEX turns_running", "")
                          .replaceFirst("(LIMIT \\?\\n +)SCAN holds", "$1"))
                  .doesNotContain("SCAN")
                  .doesNotContain("TEMP B-TREE"));
    }
  }

  private static void callEverything(SqliteStore store) {
    var id = new SessionId("s");
    var turn = turn("s", 1, 1);
    var answer = turn.answers().getFirst();
    store.accept(session("s", 1), turn);
    store.checkpoint(turn.messageId(), 1, List.of(text(answer, 0, "x")));
    store.findSession(id);
    store.listSessions(List.of(ANNA), Optional.of(START), 10);
    store.listSessionIds(Optional.empty(), 10);
    store.listIdleGuestSessions(START, 10);
    store.findTurn(id, turn.messageId());
    store.listTurns(id, 99, 10);
    store.account(ANNA);
    store.usageOf(id);
    store.interruptRunning(START);
    store.checkpoint(turn.messageId(), 9, List.of());
    store.endAnswer(new MessageId("gone"), 9, completed(answer, "", ""));
    store.endAnswer(turn.messageId(), 9, completed(answer, "", ""));
    store.changeOwner(id, ANNA, GUEST);
    store.write(database -> {
      TurnRows.remove(database, turn);
      return true;
    });
    store.deleteSession(id);
  }

  private static List<String> plans(Database database) throws SQLException {
    var plans = new ArrayList<String>();
    for (var sql : database.prepared()) {
      if (sql.startsWith("PRAGMA") || sql.contains("sqlite_schema")) {
        continue;
      }
      var plan = new StringBuilder(sql).append("\n");
      try (var statement = database.connection().createStatement();
          var rows = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
        while (rows.next()) {
          plan.append("  ").append(rows.getString("detail")).append("\n");
        }
      }
      plans.add(plan.toString());
    }
    return plans;
  }
}
