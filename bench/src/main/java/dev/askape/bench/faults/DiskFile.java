package dev.askape.bench.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/// One file as a disk has it: what was synced, and what was written since. Used by one thread.
final class DiskFile {
  private static final int SECTOR = 512;

  private final Path content;
  private final Deque<Change> pending = new ArrayDeque<>();

  /// Something done to the file, and before which sync.
  private sealed interface Change {
    record Write(long offset, ByteBuffer bytes) implements Change {}

    record Cut(long size) implements Change {}

    /// A sync began.
    record Mark(long token) implements Change {}
  }

  /// @param content where what was synced is kept
  DiskFile(Path content) throws IOException {
    this.content = content;
    open().close();
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(content, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  Path content() {
    return content;
  }

  void write(long offset, byte[] bytes) {
    pending.add(new Change.Write(offset, ByteBuffer.wrap(bytes)));
  }

  void cut(long size) {
    pending.add(new Change.Cut(size));
  }

  void syncBegins(long token) {
    pending.add(new Change.Mark(token));
  }

  /// A sync succeeded: what was done before it began is on the disk.
  void synced(long token) throws IOException {
    var mark = new Change.Mark(token);
    if (!pending.contains(mark)) {
      return;
    }
    try (var file = open()) {
      for (var change = pending.remove(); !change.equals(mark); change = pending.remove()) {
        apply(file, change);
      }
    }
  }

  private static void apply(FileChannel file, Change change) throws IOException {
    switch (change) {
      case Change.Write(var offset, var bytes) -> writeAll(file, offset, bytes.duplicate());
      case Change.Cut(var size) -> resize(file, size);
      case Change.Mark _ -> {
        // changes nothing
      }
    }
  }

  private static void resize(FileChannel file, long size) throws IOException {
    if (size < file.size()) {
      file.truncate(size);
    } else if (size > file.size()) {
      file.write(ByteBuffer.allocate(1), size - 1);
    }
  }

  private static void writeAll(FileChannel file, long offset, ByteBuffer bytes) throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      at += file.write(bytes, at);
    }
  }

  /// Drops what was not synced, all of it, or keeps any sectors of it in any order.
  ///
  /// @return how many writes were dropped or torn
  int losePower(Random random, boolean torn) throws IOException {
    List<Change> lost = new ArrayList<>(pending);
    pending.clear();
    lost.removeIf(change -> change instanceof Change.Mark);
    if (torn && !lost.isEmpty()) {
      double kept = random.nextDouble();
      try (var file = open()) {
        for (var change : lost) {
          tear(file, change, random, kept);
        }
      }
    }
    return lost.size();
  }

  private static void tear(FileChannel file, Change change, Random random, double kept)
      throws IOException {
    if (change instanceof Change.Write(var offset, var bytes)) {
      int length = bytes.limit();
      for (int from = 0; from < length; ) {
        int to = Math.min(length, from + SECTOR - (int) ((offset + from) % SECTOR));
        if (random.nextDouble() < kept) {
          writeAll(file, offset + from, bytes.slice(from, to - from));
        }
        from = to;
      }
    } else if (random.nextDouble() < kept) {
      apply(file, change);
    }
  }
}
