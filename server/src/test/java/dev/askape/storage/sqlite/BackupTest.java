package dev.askape.storage.sqlite;

import static dev.askape.storage.Samples.session;
import static dev.askape.storage.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.askape.chat.SessionId;
import dev.askape.chat.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BackupTest {
  private static final SessionId S = new SessionId("s");

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("a.db");
  }

  private Path copy() {
    return folder.resolve("copy.db");
  }

  @Test
  void copiesWhatWasAcknowledgedBeforeItWhileOthersWrite() throws Exception {
    var said = new AtomicInteger();
    var enough = new CountDownLatch(20);
    int before;
    try (var store = SqliteStore.open(SqliteSettings.file(file()))) {
      var talker =
          Thread.ofVirtual()
              .start(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                  int n = said.get() + 1;
                  store.accept(session("s", n), turn("s", n, 2));
                  said.set(n);
                  enough.countDown();
                }
              });
      enough.await();
      before = said.get();

      assertThat(SqliteBackup.copy(file(), copy())).isPositive();

      talker.interrupt();
      talker.join();
    }

    try (var store = SqliteStore.open(SqliteSettings.file(copy()))) {
      var turns = store.listTurns(S, Long.MAX_VALUE, 100_000);
      assertThat(turns).hasSizeBetween(before, said.get());
      assertThat(store.findSession(S)).contains(session("s", turns.size()));
      store.accept(session("s", turns.size() + 1), turn("s", turns.size() + 1, 1));
    }
  }

  @Test
  void overwritesNothing() throws IOException {
    SqliteStore.open(SqliteSettings.file(file())).close();
    Files.writeString(copy(), "precious");

    refuses(file(), copy(), "is there already");

    assertThat(copy()).hasContent("precious");
  }

  @Test
  void leavesNothingBehindWhenItFails() throws IOException {
    Files.writeString(file(), "Dear diary, ".repeat(1_000));

    refuses(file(), copy(), "not a SQLite database");
    refuses(folder.resolve("none.db"), copy(), "no data file");

    assertThat(folder).isDirectoryNotContaining("glob:**copy*");
  }

  @Test
  void readsADataFileThatIsInUse() {
    try (var store = SqliteStore.open(SqliteSettings.file(file()));
        var reading = SqliteStore.openToRead(file())) {
      store.accept(session("s", 1), turn("s", 1, 1));

      assertThat(reading.listTurns(S, Long.MAX_VALUE, 9)).containsExactly(turn("s", 1, 1));
      assertThatThrownBy(() -> reading.accept(session("s", 2), turn("s", 2, 1)))
          .isInstanceOf(StorageException.class);
    }
  }

  private static void refuses(Path from, Path to, String why) {
    assertThatThrownBy(() -> SqliteBackup.copy(from, to))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(why);
  }
}
