package dev.askape.bench.faults;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A folder as it would be after a power cut: of each file what was synced, and of the folder those
/// names that were there when it was synced itself, as POSIX promises no more. Reads what
/// `synclog.c` tells. Used by one thread at a time.
final class Disk {
  private static final List<String> OF_THE_PROCESS = List.of("-shm", ".lock");

  private final Path image;
  private final Map<String, DiskFile> kept = new HashMap<>();
  private final Map<String, DiskFile> live = new HashMap<>();
  private final Map<Long, DiskFile> byInode = new HashMap<>();
  private final List<Renaming> pending = new ArrayList<>();
  private final Map<Long, Integer> folderSyncs = new HashMap<>();
  private long folder = -1;
  private int files;
  private long syncs;
  private long writes;

  /// A change of the folder's names that it was not synced after.
  private sealed interface Renaming {
    record Added(String name, DiskFile file) implements Renaming {}

    record Removed(String name) implements Renaming {}
  }

  /// @param image an empty folder for what is on the disk
  Disk(Path image) {
    this.image = image;
  }

  /// Makes `data` what is on the disk.
  void restore(Path data) throws IOException {
    if (Files.isDirectory(data)) {
      try (var old = Files.list(data)) {
        for (var file : old.toList()) {
          Files.delete(file);
        }
      }
    }
    Files.createDirectories(data);
    byInode.clear();
    folderSyncs.clear();
    live.clear();
    live.putAll(kept);
    for (var file : kept.entrySet()) {
      Files.copy(file.getValue().content(), data.resolve(file.getKey()));
    }
  }

  /// Follows what a server tells until it is gone; a record it could not finish counts for nothing.
  void follow(DataInputStream told) throws IOException {
    try {
      while (true) {
        byte type = told.readByte();
        long inode = told.readLong();
        long number = told.readLong();
        var bytes = new byte[told.readInt()];
        told.readFully(bytes);
        apply((char) type, inode, number, bytes);
      }
    } catch (EOFException _) {
      // it is gone
    }
  }

  private void apply(char type, long inode, long number, byte[] bytes) throws IOException {
    switch (type) {
      case 'O' -> opened(inode, new String(bytes, StandardCharsets.UTF_8));
      case 'U' -> removed(new String(bytes, StandardCharsets.UTF_8));
      case 'R' -> renamed(new String(bytes, StandardCharsets.UTF_8).split("\0", -1));
      case 'S' -> syncBegins(inode, number);
      case 'E' -> synced(inode, number);
      case 'W' -> {
        writes++;
        file(inode).write(number, bytes);
      }
      case 'T' -> file(inode).cut(number);
      default -> throw new IOException("no such record: " + type);
    }
  }

  private DiskFile file(long inode) throws IOException {
    var file = byInode.get(inode);
    if (file == null) {
      throw new IOException("a file that was not opened: " + inode);
    }
    return file;
  }

  private void opened(long inode, String name) throws IOException {
    if (name.isEmpty()) {
      folder = inode;
      return;
    }
    var file = live.get(name);
    if (file == null) {
      file = new DiskFile(image.resolve(Integer.toString(files++)));
      live.put(name, file);
      pending.add(new Renaming.Added(name, file));
    }
    byInode.put(inode, file);
  }

  private void removed(String name) {
    live.remove(name);
    pending.add(new Renaming.Removed(name));
  }

  private void renamed(String[] names) {
    var file = live.remove(names[0]);
    pending.add(new Renaming.Removed(names[0]));
    if (file != null) {
      live.put(names[1], file);
      pending.add(new Renaming.Added(names[1], file));
    }
  }

  private void syncBegins(long inode, long token) throws IOException {
    if (inode == folder) {
      folderSyncs.put(token, pending.size());
    } else {
      file(inode).syncBegins(token);
    }
  }

  private void synced(long inode, long token) throws IOException {
    syncs++;
    if (inode != folder) {
      file(inode).synced(token);
      return;
    }
    var covered = folderSyncs.remove(token);
    for (int i = 0; covered != null && i < covered && !pending.isEmpty(); i++) {
      apply(pending.removeFirst());
    }
  }

  private void apply(Renaming renaming) {
    switch (renaming) {
      case Renaming.Added(var name, var file) -> kept.put(name, file);
      case Renaming.Removed(var name) -> kept.remove(name);
    }
  }

  /// Drops what was not synced.
  ///
  /// @param torn whether some of it is kept, by sectors and out of order
  /// @return how many writes were dropped or torn
  int losePower(Random random, boolean torn) throws IOException {
    if (torn) {
      int some = random.nextInt(pending.size() + 1);
      pending.subList(0, some).forEach(this::apply);
    }
    pending.clear();
    int dropped = 0;
    for (var file : byInode.values()) {
      dropped += file.losePower(random, torn);
    }
    kept.keySet().removeIf(name -> OF_THE_PROCESS.stream().anyMatch(name::endsWith));
    return dropped;
  }

  /// How many syncs were seen to succeed.
  long syncs() {
    return syncs;
  }

  long writes() {
    return writes;
  }
}
