package dev.askape.storage.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.askape.chat.StorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// The place of a data file and the right to it, which one process has at a time: a lock on a file
/// beside it that holds the number of the process. The lock ends with the process, its file stays.
final class DataFile implements AutoCloseable {
  static final String WAY_OUT = "; choose another place with storage.sqlite.path";

  /// The lock files that this process holds. Asked first, because POSIX drops a process's lock when
  /// the process closes any channel of the file, the one of a failed second attempt too.
  private static final Set<Path> held = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final Path lockPath;
  private final FileChannel channel;
  private final AtomicBoolean closed = new AtomicBoolean();

  private DataFile(Path path, Path lockPath, FileChannel channel) {
    this.path = path;
    this.lockPath = lockPath;
    this.channel = channel;
  }

  /// Makes the folder where it is missing and takes the lock.
  ///
  /// @throws StorageException with one line that names the place and the way out
  static DataFile claim(Path wanted) {
    try {
      var path = realPath(wanted.toAbsolutePath().normalize());
      if (Files.isDirectory(path)) {
        throw new StorageException("The data file " + path + " is a folder" + WAY_OUT);
      }
      return lock(path);
    } catch (IOException e) {
      var reason = reason(e);
      throw new StorageException(
          "The data file " + wanted + " cannot be written (" + reason + ")" + WAY_OUT, e);
    }
  }

  /// No two names may lead to one file past its lock.
  private static Path realPath(Path path) throws IOException {
    if (Files.exists(path)) {
      return path.toRealPath();
    }
    var folder = path.getParent();
    if (folder == null) {
      return path;
    }
    Files.createDirectories(folder);
    return folder.toRealPath().resolve(path.getFileName());
  }

  private static DataFile lock(Path path) throws IOException {
    var lockPath = path.resolveSibling(path.getFileName() + ".lock");
    if (!held.add(lockPath)) {
      throw inUse(path, "this process");
    }
    var claimed = Optional.<DataFile>empty();
    try {
      claimed = tryLock(path, lockPath);
    } finally {
      if (claimed.isEmpty()) {
        held.remove(lockPath);
      }
    }
    return claimed.orElseThrow(() -> inUse(path, "process " + holder(lockPath)));
  }

  private static Optional<DataFile> tryLock(Path path, Path lockPath) throws IOException {
    var channel = FileChannel.open(lockPath, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
      if (lock == null) {
        return Optional.empty();
      }
      channel.truncate(0);
      channel.write(UTF_8.encode(ProcessHandle.current().pid() + "\n"));
      return Optional.of(new DataFile(path, lockPath, channel));
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
  }

  private static StorageException inUse(Path path, String holder) {
    return new StorageException(
        "The data file "
            + path
            + " is in use by "
            + holder
            + "; stop that one, or choose another"
            + " file with storage.sqlite.path");
  }

  private static String holder(Path lockPath) {
    try {
      return Files.readString(lockPath).strip();
    } catch (IOException _) {
      return "(unknown)";
    }
  }

  private static String reason(IOException cause) {
    if (cause instanceof FileSystemException file && file.getReason() == null) {
      return file.getClass().getSimpleName() + " " + file.getFile();
    }
    return String.valueOf(cause.getMessage());
  }

  Path path() {
    return path;
  }

  /// Gives the right up.
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw new StorageException("The lock of the data file " + path + " could not be freed", e);
    } finally {
      held.remove(lockPath);
    }
  }
}
