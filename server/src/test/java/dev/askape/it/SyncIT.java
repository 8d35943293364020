package dev.askape.it;

import static dev.askape.it.ChatClient.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the operating system is asked to do before a client is told that its message is saved.
@Timeout(120)
class SyncIT {
  private static final int MESSAGES = 10;
  private static final Pattern LOG_WRITE = Pattern.compile("pwrite64\\((\\d+), \"");
  private static final Pattern SYNC = Pattern.compile("f(?:data)?sync\\((\\d+)");
  private static final Pattern THREAD = Pattern.compile("^(\\d+) ");

  @TempDir private Path folder;

  @Test
  void syncsEachMessageBetweenWritingItAndTellingThatItIsSaved() throws Exception {
    var trace = folder.resolve("trace");
    var strace =
        List.of(
            "strace",
            "-f",
            "--seccomp-bpf",
            "-s",
            "5000", // a page of the log, its header, and some
            "-e",
            "trace=fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg",
            "-o",
            trace.toString());
    assumeTrue(runs(strace), "no system call was looked at: strace is not to be had here");

    try (var standIn = new StandIn()) {
      Configuration.write(folder, standIn.baseUrl());
      try (var server = ServerProcess.start(new Program(folder, java.util.Map.of(), strace));
          var client = ChatClient.connect(server.uri())) {
        var session = UUID.randomUUID().toString();
        client.answerTo("join_session", ids(session, "somebody"));
        for (int n = 0; n < MESSAGES; n++) {
          int mark = client.mark();
          var message =
              ChatClient.message(
                  session, "somebody", "Hello", "fake-quick:tokens=3,first=0,rate=0");
          client.send("message", message.put("clientMessageId", mark(n)));
          client.await(mark, "all_responses_complete", _ -> true);
        }
      }
    }
    var calls = Files.readAllLines(trace);
    for (int n = 0; n < MESSAGES; n++) {
      verifyOrder(calls, mark(n));
    }
  }

  /// Stands in the row of the message and in `message_saved`.
  private static String mark(int n) {
    return "mark-%d-of-a-message".formatted(n);
  }

  private static void verifyOrder(List<String> calls, String mark) {
    int written = -1;
    int synced = -1;
    String log = "";
    var syncing = new ArrayList<String>(); // threads
    for (int at = 0; at < calls.size(); at++) {
      var call = calls.get(at);
      var write = LOG_WRITE.matcher(call);
      if (written < 0 && write.find() && call.contains(mark)) {
        written = at;
        log = write.group(1);
      } else if (written >= 0 && synced < 0 && isSyncOf(log, call)) {
        if (call.endsWith("= 0")) {
          synced = at;
        } else {
          syncing.add(thread(call));
        }
      } else if (synced < 0 && call.contains("sync resumed") && syncing.contains(thread(call))) {
        synced = call.endsWith("= 0") ? at : -1;
      } else if (call.contains("message_saved") && call.contains(mark)) {
        assertThat(written).as("written before it was told: %s", mark).isNotNegative();
        assertThat(synced).as("synced before it was told: %s", mark).isNotNegative();
        return;
      }
    }
    throw new AssertionError("nobody was told of " + mark);
  }

  private static boolean isSyncOf(String log, String call) {
    var sync = SYNC.matcher(call);
    return sync.find() && sync.group(1).equals(log);
  }

  private static String thread(String call) {
    var thread = THREAD.matcher(call);
    return thread.find() ? thread.group(1) : "";
  }

  private static boolean runs(List<String> strace) throws InterruptedException {
    var command = new ArrayList<>(strace);
    command.add("true");
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
