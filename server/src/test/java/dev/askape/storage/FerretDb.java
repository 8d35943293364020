package dev.askape.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// FerretDB, a server with the MongoDB wire protocol, built from the program in the test resources.
/// Building takes a minute or more and needs Go and its module proxy; the program is then kept in
/// the user's cache folder for all later runs.
final class FerretDb {
  static final String VERSION = "1.24.2";

  private static final List<String> SOURCES = List.of("go.mod", "go.sum", "main.go");
  private static final long BUILD_MINUTES = 9;

  /// Why there is none, in one line.
  static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1;

    Unavailable(String why) {
      super(why);
    }
  }

  private FerretDb() {}

  /// The program, built if it was not before. Others that build at the same time are waited for.
  static Path program() throws IOException, InterruptedException, Unavailable {
    var folder = cache().resolve("ferretdb-" + VERSION + "-" + fingerprint());
    var program = folder.resolve("ferretdb");
    if (Files.isExecutable(program)) {
      return program;
    }
    Files.createDirectories(folder);
    try (var lock =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = lock.lock()) {
      if (!Files.isExecutable(program)) {
        build(folder, program);
      }
    }
    return program;
  }

  private static Path cache() {
    var named = System.getenv("XDG_CACHE_HOME");
    var caches =
        named == null || named.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(named);
    return caches.resolve("askape");
  }

  private static String fingerprint() throws IOException {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var name : SOURCES) {
        try (var source = source(name)) {
          digest.update(source.readAllBytes());
        }
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static InputStream source(String name) throws IOException {
    var found = FerretDb.class.getResourceAsStream("/ferretdb/" + name);
    if (found == null) {
      throw new IOException("no test resource ferretdb/" + name);
    }
    return found;
  }

  private static void build(Path folder, Path program)
      throws IOException, InterruptedException, Unavailable {
    for (var name : SOURCES) {
      try (var source = source(name)) {
        Files.copy(source, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    System.out.println("Building FerretDB for the tests, once; this takes a minute or more");
    var log = folder.resolve("build.log");
    var made = folder.resolve("ferretdb.new");
    Process go;
    try {
      go =
          new ProcessBuilder("go", "build", "-o", made.toString(), ".")
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException _) {
      throw new Unavailable("there is no go on the PATH to build FerretDB with");
    }
    if (!go.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)) {
      go.destroyForcibly();
      throw new Unavailable("building FerretDB took more than " + BUILD_MINUTES + " minutes");
    }
    if (go.exitValue() != 0) {
      throw new Unavailable("go could not build FerretDB: " + lastLine(log));
    }
    Files.move(made, program, StandardCopyOption.ATOMIC_MOVE);
  }

  static String lastLine(Path log) throws IOException {
    return Files.readString(log, UTF_8)
        .lines()
        .filter(line -> !line.isBlank())
        .reduce((_, last) -> last)
        .orElse("it said nothing");
  }
}
