package dev.askape.provider.local;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The command that starts the child: this Java, with jars that are never on this class path.
final class ChildProgram {
  /// Names the folder of the child's jars; without it, `lib-local` beside the server's own jar.
  static final String FOLDER_PROPERTY = "askape.localmodel";

  private static final String FOLDER = "lib-local";
  private static final String MAIN = "dev.askape.localmodel.Program";

  private static final Path SHELL = Path.of("/bin/sh");

  /// Ctrl-C and a service manager's SIGTERM reach all processes at once; the server gives running
  /// answers their time then, so its child must not end before it is told to. And it computes for
  /// seconds on end, so what else there is comes first.
  private static final String WRAPPED =
      "trap '' INT HUP TERM; if command -v nice >/dev/null; then exec nice -n 5 \"$@\"; fi; exec \"$@\"";

  private ChildProgram() {}

  /// Empty when this build has no such jars.
  static List<String> command() {
    return folder().map(folder -> command(folder + File.separator + "*")).orElse(List.of());
  }

  static List<String> command(String classPath) {
    var command = new ArrayList<String>();
    if (Files.isExecutable(SHELL)) {
      command.addAll(List.of(SHELL.toString(), "-c", WRAPPED, "sh"));
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx96m",
            "-Xmn8m", // what it holds for long is 2 MB; more would only fill up
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=crash.log", // in its folder; the last one only
            "-XX:+ExitOnOutOfMemoryError",
            "-Dstdout.encoding=UTF-8",
            "-Dstderr.encoding=UTF-8",
            "-cp",
            classPath,
            MAIN));
    return List.copyOf(command);
  }

  private static Optional<Path> folder() {
    var named = System.getProperty(FOLDER_PROPERTY, "");
    var folder = named.isEmpty() ? besideThis() : Optional.of(Path.of(named));
    return folder.map(Path::toAbsolutePath).filter(ChildProgram::hasJars);
  }

  private static Optional<Path> besideThis() {
    var source = ChildProgram.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(Path.of(source.getLocation().toURI()).getParent())
          .map(parent -> parent.resolve(FOLDER));
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  private static boolean hasJars(Path folder) {
    var names = folder.toFile().list();
    return names != null && Stream.of(names).anyMatch(name -> name.endsWith(".jar"));
  }
}
