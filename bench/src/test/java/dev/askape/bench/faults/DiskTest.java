package dev.askape.bench.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is left of a folder after a power cut, from recorded writes and syncs.
class DiskTest {
  private static final long FOLDER = 1;
  private static final long FILE = 2;
  private static final long OTHER = 3;

  @TempDir private Path work;
  private Disk disk;
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();

  @BeforeEach
  void make() throws IOException {
    disk = new Disk(Files.createDirectory(work.resolve("image")));
    tell('O', FOLDER, 0, "");
  }

  private void tell(char type, long inode, long number, String bytes) throws IOException {
    var out = new DataOutputStream(told);
    out.writeByte(type);
    out.writeLong(inode);
    out.writeLong(number);
    out.writeInt(bytes.length());
    out.writeBytes(bytes);
  }

  private void sync(long inode, long token) throws IOException {
    tell('S', inode, token, "");
    tell('E', inode, token, "");
  }

  private Path afterPowerCut(boolean torn, long seed) throws IOException {
    disk.follow(new DataInputStream(new ByteArrayInputStream(told.toByteArray())));
    told.reset();
    disk.losePower(new Random(seed), torn);
    disk.restore(work.resolve("data"));
    return work.resolve("data");
  }

  @Test
  void keepsWhatWasSynced() throws IOException {
    tell('O', FILE, 0, "file");
    tell('W', FILE, 0, "hello");
    tell('W', FILE, 5, " you");
    sync(FILE, 1);
    sync(FOLDER, 2);
    assertThat(afterPowerCut(false, 1).resolve("file")).hasContent("hello you");
  }

  @Test
  void dropsWhatWasWrittenAfterTheSyncBegan() throws IOException {
    tell('O', FILE, 0, "file");
    tell('W', FILE, 0, "kept");
    tell('S', FILE, 1, "");
    tell('W', FILE, 0, "lost");
    tell('T', FILE, 1, "");
    tell('E', FILE, 1, "");
    sync(FOLDER, 2);
    assertThat(afterPowerCut(false, 1).resolve("file")).hasContent("kept");
  }

  @Test
  void dropsWhatASyncThatDidNotSucceedWouldHaveCovered() throws IOException {
    tell('O', FILE, 0, "file");
    sync(FOLDER, 1);
    tell('W', FILE, 0, "lost");
    tell('S', FILE, 2, "");
    assertThat(afterPowerCut(false, 1).resolve("file")).isEmptyFile();
  }

  @Test
  void dropsAFileWhoseFolderWasNotSynced() throws IOException {
    tell('O', FILE, 0, "file");
    tell('W', FILE, 0, "lost");
    sync(FILE, 1);
    assertThat(afterPowerCut(false, 1).resolve("file")).doesNotExist();
  }

  @Test
  void keepsAFileWhoseRemovalWasNotSynced() throws IOException {
    tell('O', FILE, 0, "file");
    tell('W', FILE, 0, "kept");
    sync(FILE, 1);
    sync(FOLDER, 2);
    tell('U', 0, 0, "file");
    assertThat(afterPowerCut(false, 1).resolve("file")).hasContent("kept");
  }

  @Test
  void goesOnFromWhatWasKept() throws IOException {
    tell('O', FILE, 0, "file");
    tell('W', FILE, 0, "hello");
    sync(FILE, 1);
    sync(FOLDER, 2);
    afterPowerCut(false, 1);
    tell('O', FOLDER, 0, "");
    tell('O', OTHER, 0, "file"); // the same file has another inode now
    tell('W', OTHER, 0, "J");
    sync(OTHER, 1);
    tell('W', OTHER, 1, "lost");
    assertThat(afterPowerCut(false, 1).resolve("file")).hasContent("Jello");
  }

  @Test
  void tearsWhatWasNotSyncedAndNothingElse() throws IOException {
    boolean tornSomewhere = false;
    for (int seed = 0; seed < 20; seed++) {
      tell('O', FILE, 0, "file");
      tell('W', FILE, 0, "a".repeat(4_096));
      sync(FILE, 1);
      sync(FOLDER, 2);
      tell('W', FILE, 1_024, "b".repeat(2_048));
      var content = Files.readString(afterPowerCut(true, seed).resolve("file"), UTF_8);
      assertThat(content).matches("a{1024}[ab]{2048}a{1024}");
      tornSomewhere |= content.contains("b") && content.substring(1_024, 3_072).contains("a");
    }
    assertThat(tornSomewhere).isTrue();
  }
}
