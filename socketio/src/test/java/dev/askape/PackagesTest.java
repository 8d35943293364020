package dev.askape;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Which packages may use which.
class PackagesTest {
  private static final Map<String, Set<String>> MAY_USE =
      Map.of(
          "http", Set.of(),
          "engineio", Set.of("http"),
          "socketio", Set.of("http", "engineio"),
          "conformance", Set.of("http", "engineio", "socketio"));
  private static final Path SOURCES = Path.of("src/main/java/dev/askape");
  private static final Pattern IMPORT =
      Pattern.compile("import (?:static )?(dev\\.askape\\.(\\w+)|io\\.netty\\.\\w+)");

  @Test
  void dependOnOneAnotherInOneDirection() throws IOException {
    for (String name : MAY_USE.keySet()) {
      assertThat(
              imports(name).map(match -> match.group(2)).filter(p -> p != null && !p.equals(name)))
          .as(name)
          .isSubsetOf(MAY_USE.get(name));
    }
    try (Stream<Path> packages = Files.list(SOURCES)) {
      assertThat(packages.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(MAY_USE.keySet());
    }
  }

  @Test
  void onlyHttpTouchesNettysPipeline() throws IOException {
    for (String name : List.of("engineio", "socketio", "conformance")) {
      assertThat(
              imports(name)
                  .map(java.util.regex.MatchResult::group)
                  .filter(i -> i.contains("netty")))
          .as(name)
          .allMatch(i -> i.equals("import io.netty.channel"));
    }
  }

  private static Stream<java.util.regex.MatchResult> imports(String name) throws IOException {
    try (Stream<Path> files = Files.list(SOURCES.resolve(name))) {
      return files
          .map(file -> {
            try {
              return Files.readString(file);
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          })
          .flatMap(text -> IMPORT.matcher(text).results())
          .toList()
          .stream();
    }
  }
}
