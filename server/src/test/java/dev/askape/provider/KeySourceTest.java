package dev.askape.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.askape.provider.KeySource.FromCommand;
import dev.askape.provider.KeySource.InFile;
import dev.askape.provider.KeySource.UnreadableKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are those of a POSIX shell")
class KeySourceTest {
  @TempDir private Path directory;

  private static FromCommand shell(String script) {
    return new FromCommand(List.of("/bin/sh", "-c", script));
  }

  private static void isRefused(KeySource source, String words) {
    assertThatThrownBy(source::read)
        .isInstanceOf(UnreadableKey.class)
        .hasMessageContaining(words)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void isWhatTheFileHolds() throws Exception {
    var file = Files.writeString(directory.resolve("key"), " sk-hunter2\n");

    assertThat(new InFile(file).read()).isEqualTo(new Secret("sk-hunter2"));
  }

  @Test
  void isWhatTheCommandPrints() throws Exception {
    assertThat(shell("echo oops-hunter2 >&2; echo sk-1").read()).isEqualTo(new Secret("sk-1"));
  }

  @Test
  void saysWhyThereIsNone() throws Exception {
    isRefused(new InFile(directory.resolve("none")), "NoSuchFileException");
    isRefused(new InFile(Files.writeString(directory.resolve("blank"), " \n")), "gives nothing");
    isRefused(
        new InFile(Files.writeString(directory.resolve("two"), "hunter2\nhunter2")),
        "cannot be a key");
    isRefused(
        new InFile(Files.writeString(directory.resolve("long"), "a".repeat(16_385))),
        "more than 16384 bytes");
    isRefused(new FromCommand(List.of("/no/such/program", "hunter2")), "cannot be started");
    isRefused(shell("echo hunter2; exit 3"), "ended with code 3");
    isRefused(shell(":"), "gives nothing");
  }

  @Test
  void doesNotLetACommandAskForAnything() throws Exception {
    assertThat(shell("read line; echo key$line").read()).isEqualTo(new Secret("key"));
  }

  @Test
  void showsNoArgumentOfACommand() {
    assertThat(new FromCommand(List.of("vault", "--token=hunter2")))
        .hasToString("{command: [vault, …]}");
    assertThat(new KeySource.Given(new Secret("hunter2"))).hasToString("(hidden)");
  }
}
