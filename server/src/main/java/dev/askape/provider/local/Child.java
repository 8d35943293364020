package dev.askape.provider.local;

import dev.askape.provider.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The process with the model in it. Its standard input stays open for as long as it is wanted: it
/// ends itself at the end of that, however this process ends.
final class Child implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Child.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration TO_END = Duration.ofMillis(500);
  private static final Duration TO_DIE = Duration.ofSeconds(3);
  private static final int MAX_LINE = 500;

  /// llama.cpp's about a file, or the system's about the library.
  private static final Pattern COMPLAINT =
      Pattern.compile(".*(?:error loading model: |jllama\\.\\w+: )(.+)");

  /// What it needs of this process's environment, which holds keys that are not its business.
  private static final Set<String> ENVIRONMENT =
      Set.of("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "WINDIR");

  private final Process process;
  private final Secret key;
  private final BlockingQueue<String> firstLine = new ArrayBlockingQueue<>(1);
  private final Thread errors;
  private volatile String complaint = "";

  private Child(Process process, Secret key) {
    this.process = process;
    this.key = key;
    Thread.ofVirtual().name("local-model-output").start(this::readOutput);
    errors = Thread.ofVirtual().name("local-model-errors").start(this::readErrors);
  }

  /// Starts it; it is not ready then.
  static Child start(LocalSettings settings, Path weights) throws NotReady {
    var builder = new ProcessBuilder(command(settings, weights));
    builder.directory(settings.folder().toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> !ENVIRONMENT.contains(name.toUpperCase(Locale.ROOT)));
    var bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    var key = new Secret(HexFormat.of().formatHex(bytes));
    try {
      var process = builder.start();
      var child = new Child(process, key);
      process.getOutputStream().write((key.reveal() + "\n").getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().flush();
      return child;
    } catch (IOException e) {
      throw NotReady.forNow("its process cannot be started: " + e.getMessage());
    }
  }

  private static List<String> command(LocalSettings settings, Path weights) {
    var command = new ArrayList<>(settings.program());
    command.add("--model=" + weights);
    command.add("--natives=" + settings.folder().resolve("natives"));
    command.add("--context=" + settings.context());
    command.add("--threads=" + settings.threads());
    command.add("--parallel=" + LocalSettings.PARALLEL);
    command.add("--queue=" + LocalSettings.QUEUE);
    command.add("--compact=" + settings.model().isEmpty()); // those that are fetched can do with it
    return command;
  }

  /// Waits until it listens.
  ///
  /// @throws NotReady for good when it says that it cannot; for now when it ends or says nothing
  int awaitPort(Duration limit) throws NotReady, InterruptedException {
    var line = firstLine.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
    if (line == null) {
      throw NotReady.forNow("it was not ready within " + limit.toSeconds() + " s");
    }
    if (line.startsWith("port ")) {
      return Integer.parseInt(line.substring(5).strip());
    }
    errors.join(TO_END);
    if (line.startsWith("error ")) {
      var why = line.substring(6);
      throw NotReady.forGood(complaint.isEmpty() ? why : why + ": " + complaint);
    }
    throw NotReady.forNow("it ended at once" + (complaint.isEmpty() ? "" : ": " + complaint));
  }

  /// Waits a while for it to end.
  boolean endsWithin(Duration time) throws InterruptedException {
    return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// How it ended, for the log.
  String end() {
    int code = process.exitValue();
    return code > 128 ? "ended by signal " + (code - 128) : "ended with code " + code;
  }

  long pid() {
    return process.pid();
  }

  Secret key() {
    return key;
  }

  /// Ends it at once; what it is saying breaks off.
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      LOG.debug("the child's input does not close", e);
    }
    try {
      if (!endsWithin(TO_END)) {
        process.destroyForcibly();
        if (!endsWithin(TO_DIE)) {
          LOG.warn("The process of the local models, {}, does not die", pid());
        }
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void readOutput() {
    read(process.getInputStream(), line -> firstLine.offer(line));
    firstLine.offer("end");
  }

  /// llama.cpp says there in many lines what it is doing.
  private void readErrors() {
    read(
        process.getErrorStream(),
        line -> {
          var said = COMPLAINT.matcher(line);
          if (said.matches()) {
            complaint = said.group(1).strip();
          }
          LOG.trace("{}", line);
        });
  }

  private static void read(InputStream in, java.util.function.Consumer<String> each) {
    try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      var line = new StringBuilder();
      for (int c = lines.read(); c >= 0; c = lines.read()) {
        if (c == '\n') {
          each.accept(line.toString());
          line.setLength(0);
        } else if (line.length() < MAX_LINE) {
          line.append((char) c);
        }
      }
    } catch (IOException e) {
      LOG.trace("the child's output broke", e);
    }
  }
}
