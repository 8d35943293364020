package dev.askape.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Everything that can go wrong with a provider, for every kind of provider: the outcome, its type,
/// the text that is kept, the time, the number of calls, the other model of the turn; and that the
/// key is seen nowhere. Prints the matrix.
class ProviderMatrixIT {
  /// So much of a key at its start or end tells it from others.
  private static final List<String> PARTS =
      List.of(Matrix.KEY.substring(0, 9), Matrix.KEY.substring(Matrix.KEY.length() - 9));

  @TempDir private static Path folder;
  private static Matrix matrix;
  private static List<MatrixCell> cells;

  @BeforeAll
  static void tryEverything() throws Exception {
    matrix = Matrix.start(folder);
    cells = matrix.run(MatrixRows.all());
    System.out.println(table());
  }

  @AfterAll
  static void stop() {
    matrix.close();
  }

  private static String table() {
    var head = new StringBuilder("%-26s".formatted("fault"));
    for (var kind : ProviderKind.values()) {
      head.append("%-26s".formatted(kind.word()));
    }
    return MatrixRows.all().stream()
        .map(ProviderMatrixIT::line)
        .collect(Collectors.joining("\n", head + "\n", ""));
  }

  private static String line(MatrixRow row) {
    var line = new StringBuilder("%-26s".formatted(row.name()));
    for (var kind : ProviderKind.values()) {
      var cell =
          cells.stream()
              .filter(it -> it.row().equals(row) && it.kind() == kind)
              .map(it -> it.summary() + (holds(it) ? "" : " !"))
              .findFirst();
      line.append("%-26s".formatted(cell.orElse("")));
    }
    return line.toString();
  }

  private static boolean holds(MatrixCell cell) {
    try {
      cell.check();
      return true;
    } catch (AssertionError _) {
      return false;
    }
  }

  @TestFactory
  Stream<DynamicTest> faults() {
    return cells.stream()
        .map(cell ->
            DynamicTest.dynamicTest(cell.kind().word() + ": " + cell.row().name(), cell::check));
  }

  @Test
  void followsNoRedirection() {
    assertThat(matrix.stats().redirected()).isZero();
  }

  @Test
  void leavesNothingRunning() {
    Patience.until("everything is over at the provider", () -> matrix.stats().running() == 0);
  }

  @Test
  void tellsNobodyTheKey() {
    checkWithoutKey("events", matrix.everythingTold());
  }

  @Test
  void logsTheKeyNowhere() {
    var log = matrix.server().output();

    assertThat(log).as("everything is logged").contains("TRACE ", "DEBUG ", "errorId=");
    checkWithoutKey("the log", log);
  }

  @Test
  void servesTheKeyNowhere() throws IOException, InterruptedException {
    for (var path : List.of("/", "/api/health", "/api/models", "/metrics", "/api/usage")) {
      checkWithoutKey(path, Http.get(matrix.server().uri(), path).body());
    }
  }

  @Test
  void storesTheKeyNowhere() throws IOException {
    matrix.everythingTold(); // all is stored by then
    try (var files = Files.list(Configuration.data(folder).toAbsolutePath().getParent())) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        checkWithoutKey(file.getFileName().toString(), content);
      }
    }
  }

  private static void checkWithoutKey(String where, String text) {
    for (var part : PARTS) {
      int at = text.indexOf(part);
      var around =
          at < 0 ? "" : text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 200));

      assertThat(around).as("the key in %s", where).isEmpty();
    }
  }
}
