package dev.askape.storage.sqlite;

import static dev.askape.storage.Samples.session;
import static dev.askape.storage.Samples.text;
import static dev.askape.storage.Samples.turn;

import dev.askape.chat.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

/// A process that accepts turns and says so: each line stands for a call that has returned. It is
/// the one that the tests kill, trace, and find the data file locked by.
final class AcceptingProcess {
  private AcceptingProcess() {}

  /// Arguments: the data file, the number of sessions that post at once, the turns of each.
  public static void main(String[] args) {
    int sessions = Integer.parseInt(args[1]);
    int turns = Integer.parseInt(args[2]);
    try (var store = SqliteStore.open(SqliteSettings.file(Path.of(args[0])));
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int s = 0; s < sessions; s++) {
        var session = "s" + s;
        callers.execute(() -> post(store, session, turns));
      }
    } catch (StorageException e) {
      System.out.println("refused: " + e.getMessage());
    }
  }

  private static void post(SqliteStore store, String session, int turns) {
    for (int n = 1; n <= turns; n++) {
      var turn = turn(session, n, 2);
      store.accept(session(session, n), turn);
      System.out.println("accepted %s %d .".formatted(session, n));
      if (n % 3 == 0) {
        store.checkpoint(
            turn.messageId(), 1, List.of(text(turn.answers().getFirst(), 0, "so far")));
        System.out.println("said %s %d .".formatted(session, n));
      }
    }
  }

  /// Starts such a process, run by `wrapper` if that is not empty.
  static Process start(List<String> wrapper, Path file, int sessions, int turns)
      throws IOException {
    var command = new ArrayList<>(wrapper);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            AcceptingProcess.class.getName(),
            file.toString(),
            Integer.toString(sessions),
            Integer.toString(turns)));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
