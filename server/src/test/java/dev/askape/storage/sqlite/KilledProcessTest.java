package dev.askape.storage.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.askape.chat.AnswerState;
import dev.askape.chat.MessageId;
import dev.askape.chat.SessionId;
import dev.askape.chat.StorageException;
import dev.askape.chat.TurnRecord;
import dev.askape.storage.Samples;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KilledProcessTest {
  private static final Pattern LINE = Pattern.compile("(accepted|said) (s\\d+) (\\d+) \\.");

  @TempDir private Path folder;

  @Test
  void losesNothingThatWasAcknowledgedBeforeItWasKilled() throws Exception {
    var file = folder.resolve("a.db");
    var process = AcceptingProcess.start(List.of(), file, 8, Integer.MAX_VALUE);
    var lines = new ArrayList<String>();
    try (var output = process.inputReader(UTF_8)) {
      while (lines.size() < 300) {
        lines.add(next(output));
      }
      assertThatThrownBy(() -> SqliteStore.open(SqliteSettings.file(file)))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(file.toRealPath().toString())
          .hasMessageContaining("process " + process.pid())
          .hasMessageContaining("storage.sqlite.path");
      // By its handle, because the process object closes the pipe with what is still in it.
      process.toHandle().destroyForcibly();
      output.lines().forEach(lines::add);
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor()).isNotZero();

    try (var store = SqliteStore.open(SqliteSettings.file(file))) {
      assertThat(store.interruptRunning(Samples.START)).isGreaterThanOrEqualTo(2 * 200);
      int acknowledged = 0;
      for (var line : lines) {
        var match = LINE.matcher(line);
        if (match.matches()) {
          acknowledged++;
          var turn = found(store, match.group(2), match.group(3));
          assertThat(turn.running()).isFalse();
          assertThat(turn.answers())
              .hasSize(2)
              .allMatch(answer -> answer.state() == AnswerState.INTERRUPTED);
          if (match.group(1).equals("said")) {
            assertThat(turn.answers().getFirst().content()).isEqualTo("so far");
          }
        }
      }
      assertThat(acknowledged).isGreaterThanOrEqualTo(300);
      assertThat(store.interruptRunning(Samples.START)).isZero();
      Optional<String> check =
          store.read(database -> database.one("PRAGMA integrity_check", row -> row.getString(1)));
      assertThat(check).contains("ok");
    }
  }

  @Test
  void refusesADataFileThatThisProcessHolds() throws Exception {
    var file = folder.resolve("a.db");
    try (var store = SqliteStore.open(SqliteSettings.file(file))) {
      assertThatThrownBy(() -> SqliteStore.open(SqliteSettings.file(file)))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("this process");

      // The lock held after the failed second attempt, too.
      var process = AcceptingProcess.start(List.of(), file, 1, 1);
      try (var output = process.inputReader(UTF_8)) {
        assertThat(next(output))
            .contains(file.toRealPath().toString())
            .contains("is in use by process " + ProcessHandle.current().pid());
      }
      assertThat(store.findSession(new SessionId("s0"))).isEmpty();
    }
  }

  @Test
  void syncsBetweenEachAcceptedTurnAndItsAcknowledgement() throws Exception {
    var trace = folder.resolve("trace");
    var strace =
        List.of("strace", "-f", "-e", "trace=fsync,fdatasync,write", "-o", trace.toString());
    assumeTrue(runs(strace), "strace is not to be had here");

    var process = AcceptingProcess.start(strace, folder.resolve("a.db"), 1, 20);
    try (var output = process.inputReader(UTF_8)) {
      assertThat(output.lines()).filteredOn(line -> line.startsWith("accepted")).hasSize(20);
    }

    int acknowledged = 0;
    boolean synced = false;
    for (var call : Files.readAllLines(trace)) {
      if (call.matches(".*(fsync|fdatasync).*= 0")) {
        synced = true;
      } else if (call.contains("write(1, \"accepted")) {
        assertThat(synced).as(call).isTrue();
        acknowledged++;
        synced = false;
      }
    }
    assertThat(acknowledged).isEqualTo(20);
  }

  private static boolean runs(List<String> strace) throws InterruptedException {
    var command = new ArrayList<>(strace);
    command.add("true");
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException _) {
      return false;
    }
  }

  private static String next(BufferedReader output) throws IOException {
    var line = output.readLine();
    assertThat(line).as("the process ended early").isNotNull();
    return line;
  }

  private static TurnRecord found(SqliteStore store, String session, String n) {
    return store
        .findTurn(new SessionId(session), new MessageId(session + "-" + n))
        .orElseThrow(() -> new AssertionError("lost: " + session + " " + n));
  }
}
