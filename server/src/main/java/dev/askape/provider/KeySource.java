package dev.askape.provider;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Where an API key comes from. Printing it never shows a key, nor the arguments of a command.
public sealed interface KeySource {
  /// A key is at most so long; more is refused.
  int MAX_BYTES = 16_384;

  /// How long a command may take.
  Duration PATIENCE = Duration.ofSeconds(10);

  /// Reads it; blocks for as long as a command takes. White space around it is dropped.
  ///
  /// @throws UnreadableKey when there is none
  Secret read() throws UnreadableKey, InterruptedException;

  /// One that is written in the configuration, often as a variable of the environment.
  record Given(Secret secret) implements KeySource {
    @Override
    public Secret read() {
      return secret;
    }

    @Override
    public String toString() {
      return secret.toString();
    }
  }

  /// What a file holds.
  record InFile(Path file) implements KeySource {
    @Override
    public Secret read() throws UnreadableKey {
      try (var in = Files.newInputStream(file)) {
        return secret(in, "the file " + file);
      } catch (IOException e) {
        throw new UnreadableKey(
            "the file " + file + " cannot be read: " + e.getClass().getSimpleName());
      }
    }

    @Override
    public String toString() {
      return "{file: " + file + "}";
    }
  }

  /// What a program prints. It is started as it is, without a shell, with nothing to read; what it
  /// says on standard error is not looked at, because it may hold a key.
  ///
  /// @param words the program and its arguments
  record FromCommand(List<String> words) implements KeySource {
    public FromCommand {
      words = List.copyOf(words);
    }

    @Override
    public Secret read() throws UnreadableKey, InterruptedException {
      Process process;
      try {
        process =
            new ProcessBuilder(words)
                .redirectInput(ProcessBuilder.Redirect.from(nothing()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
      } catch (IOException _) {
        throw new UnreadableKey(name() + " cannot be started");
      }
      try {
        var reader = new Reader(process);
        if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new UnreadableKey(name() + " did not end within " + PATIENCE.toSeconds() + " s");
        }
        if (process.exitValue() != 0) {
          throw new UnreadableKey(name() + " ended with code " + process.exitValue());
        }
        return reader.secret(name());
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }

    private static java.io.File nothing() {
      return new java.io.File(java.io.File.separatorChar == '\\' ? "NUL" : "/dev/null");
    }

    private String name() {
      return "the command " + words.getFirst();
    }

    @Override
    public String toString() {
      return "{command: [" + words.getFirst() + (words.size() > 1 ? ", …" : "") + "]}";
    }

    /// Reads the output beside the wait for the end, so that neither waits for ever.
    private static final class Reader {
      private final Thread thread;
      private volatile byte[] bytes = {};

      Reader(Process process) {
        thread =
            Thread.ofVirtual()
                .name("key-command")
                .start(() -> {
                  try (var in = process.getInputStream()) {
                    bytes = in.readNBytes(MAX_BYTES + 1);
                  } catch (IOException _) {
                    // nothing was read then, which is said
                  }
                });
      }

      Secret secret(String where) throws UnreadableKey, InterruptedException {
        thread.join(PATIENCE);
        return KeySource.secret(bytes, where);
      }
    }
  }

  private static Secret secret(InputStream in, String where) throws IOException, UnreadableKey {
    return secret(in.readNBytes(MAX_BYTES + 1), where);
  }

  private static Secret secret(byte[] bytes, String where) throws UnreadableKey {
    if (bytes.length > MAX_BYTES) {
      throw new UnreadableKey(where + " gives more than " + MAX_BYTES + " bytes");
    }
    var text = new String(bytes, StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) {
      throw new UnreadableKey(where + " gives nothing");
    }
    if (!text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw new UnreadableKey(where + " gives something that cannot be a key");
    }
    return new Secret(text);
  }

  /// There is no key to be had; the message says why, for the operator, and holds none.
  final class UnreadableKey extends Exception {
    UnreadableKey(String message) {
      super(message);
    }
  }
}
