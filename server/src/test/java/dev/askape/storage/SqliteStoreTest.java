package dev.askape.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.ConversationStore;
import dev.askape.chat.ConversationStore.Durability;
import dev.askape.storage.sqlite.SqliteSettings;
import dev.askape.storage.sqlite.SqliteStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends ConversationStoreContract {
  @TempDir private Path folder;

  @Override
  ConversationStore open() {
    return SqliteStore.open(SqliteSettings.file(file()));
  }

  private Path file() {
    return folder.resolve("new/folders/askape.db");
  }

  @Test
  void promisesTheDisk() {
    assertThat(store().durability()).isEqualTo(Durability.DISK);
  }

  @Test
  void comesBackAfterARestartWithAllThatWasSaid() {
    var over = Samples.turn("s", 1, 1);
    var running = Samples.turn("s", 2, 1);
    store().accept(Samples.session("s", 1), over);
    var answer = Samples.completed(over.answers().getFirst(), "done\0", "");
    store().endAnswer(over.messageId(), 1, answer);
    store().accept(Samples.session("s", 2), running);
    store()
        .checkpoint(
            running.messageId(),
            1,
            List.of(Samples.text(running.answers().getFirst(), 0, "so far")));
    store().close();

    try (var reopened = open()) {
      assertThat(reopened.findSession(over.sessionId())).contains(Samples.session("s", 2));
      var turns = reopened.listTurns(over.sessionId(), Long.MAX_VALUE, 50);
      assertThat(turns.get(0).answers()).containsExactly(answer);
      assertThat(turns.get(1).answers().getFirst().content()).isEqualTo("so far");
      assertThat(reopened.interruptRunning(Samples.START)).isEqualTo(1);
    }
  }

  @Test
  void remembersWhatIsPutAsideAndCountsItAsUsedAfterARestart() {
    store().accept(Samples.session("s", 1), Samples.turn("s", 1, 1), Samples.RESERVATION);
    store().close();

    try (var reopened = open()) {
      assertThat(reopened.account(Samples.ANNA).reservedTokens()).isEqualTo(100);
      assertThat(reopened.interruptRunning(Samples.START)).isEqualTo(1);
      assertThat(reopened.account(Samples.ANNA).reservedTokens()).isZero();
      assertThat(reopened.account(Samples.ANNA).booked().tokens()).isEqualTo(100);
    }
  }

  @Test
  void leavesOneWholeFileWhenClosed() {
    store().accept(Samples.session("s", 1), Samples.turn("s", 1, 1));
    store().close();

    assertThat(file()).isNotEmptyFile();
    assertThat(Files.exists(file().resolveSibling("askape.db-wal"))).isFalse();
  }
}
