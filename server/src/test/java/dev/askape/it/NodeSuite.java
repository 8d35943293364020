package dev.askape.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// The Node suite in `conformance/`: a copy of it with its dependencies installed, outside of the
/// sources.
final class NodeSuite {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NODE = 20;
  private static final long INSTALL_SECONDS = 120;
  private static final long RUN_SECONDS = 300;
  private static final String REPORTER = "reporter.mjs";
  private static final Pattern NO_REGISTRY =
      Pattern.compile("ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|E50\\d");

  /// The end of one test of the suite.
  ///
  /// @param path the names of the suites it is in, and its own
  /// @param error empty if it passed
  record Result(List<String> path, boolean ok, boolean skipped, String error) {}

  private final Path folder;

  private NodeSuite(Path folder) {
    this.folder = folder;
  }

  /// Copies it to a folder and installs what it needs. Skips the test that asks, by name and with
  /// the reason, where there is no Node, no npm, or no registry to install from.
  static NodeSuite install(Path folder) throws IOException, InterruptedException {
    requireNode();
    copy(sources(), folder);
    var lock = Files.readString(folder.resolve("package-lock.json"));
    var installed = folder.resolve("node_modules").resolve(".installed");
    if (!Files.exists(installed) || !Files.readString(installed).equals(lock)) {
      npmInstall(folder);
      Files.writeString(installed, lock);
    }
    return new NodeSuite(folder);
  }

  private static void requireNode() throws IOException, InterruptedException {
    var version = run(Path.of("."), Map.of(), INSTALL_SECONDS, "node", "--version");
    assumeTrue(version.exit == 0, "the contract suite was not run: node is not on this machine");
    int major = Integer.parseInt(version.out.replaceFirst("^v(\\d+)[\\s\\S]*", "$1"));
    assumeTrue(
        major >= NODE,
        "the contract suite was not run: it needs node " + NODE + ", this is " + version.out);
    var npm = run(Path.of("."), Map.of(), INSTALL_SECONDS, "npm", "--version");
    assumeTrue(npm.exit == 0, "the contract suite was not run: npm is not on this machine");
  }

  private static void npmInstall(Path folder) throws IOException, InterruptedException {
    var npm =
        run(
            folder,
            Map.of(),
            INSTALL_SECONDS,
            "npm",
            "ci",
            "--no-audit",
            "--no-fund",
            "--fetch-retries=1");
    assumeTrue(
        npm.exit == 0 || !NO_REGISTRY.matcher(npm.out).find(),
        "the contract suite was not run: npm cannot reach its registry");
    if (npm.exit != 0) {
      throw new AssertionError("npm ci failed:\n" + npm.out);
    }
  }

  /// Beside the modules, wherever in them the tests are run.
  private static Path sources() {
    for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      var suite = folder.resolve("conformance");
      if (Files.exists(suite.resolve("package-lock.json"))) {
        return suite;
      }
    }
    throw new AssertionError("conformance/ is not above " + Path.of("").toAbsolutePath());
  }

  private static void copy(Path from, Path to) throws IOException {
    for (var place : List.of("", "lib")) {
      Files.createDirectories(to.resolve(place));
      try (var old = Files.list(to.resolve(place))) {
        for (var file : old.filter(Files::isRegularFile).toList()) {
          Files.delete(file);
        }
      }
      try (var files = Files.list(from.resolve(place))) {
        for (var file : files.filter(Files::isRegularFile).toList()) {
          Files.copy(file, to.resolve(place).resolve(file.getFileName()));
        }
      }
    }
    try (var reporter = NodeSuite.class.getResourceAsStream(REPORTER)) {
      if (reporter == null) {
        throw new IllegalStateException(REPORTER + " is not on the class path");
      }
      Files.copy(reporter, to.resolve(REPORTER), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /// Runs it and gives the end of every test.
  ///
  /// @param addresses what it is to talk to, by the names of its variables
  List<Result> run(Map<String, URI> addresses) throws IOException, InterruptedException {
    var environment = new HashMap<String, String>();
    addresses.forEach((name, address) -> environment.put(name, address.toString()));
    var node =
        run(
            folder,
            environment,
            RUN_SECONDS,
            "node",
            "--test",
            "--test-concurrency=4",
            "--test-reporter=./" + REPORTER,
            "--test-reporter-destination=stdout");
    var results = new ArrayList<Result>();
    for (var line : node.out.lines().filter(text -> text.startsWith("{\"ok\":")).toList()) {
      var json = JSON.readTree(line);
      // A suite fails with its tests; by itself only when it has none that did.
      if (!json.path("suite").asBoolean()) {
        results.add(result(json));
      }
    }
    boolean failed = results.stream().anyMatch(result -> !result.ok());
    if (results.isEmpty() || (node.exit != 0 && !failed)) {
      throw new AssertionError("node --test ended with " + node.exit + ":\n" + node.out);
    }
    return results;
  }

  private static Result result(JsonNode json) {
    var path = new ArrayList<String>();
    json.path("path").forEach(name -> path.add(name.asText()));
    return new Result(
        path,
        json.path("ok").asBoolean(),
        !json.path("skipped").isNull(),
        json.path("error").asText(""));
  }

  private record Ended(int exit, String out) {}

  /// Runs a program, at most for so long; 127 when there is none of that name.
  private static Ended run(
      Path folder, Map<String, String> environment, long seconds, String... command)
      throws IOException, InterruptedException {
    var out = Files.createTempFile("node-suite", ".out");
    try {
      var builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(out.toFile());
      builder.environment().putAll(environment);
      Process process;
      try {
        process = builder.start();
      } catch (IOException e) {
        return new Ended(127, String.valueOf(e.getMessage()));
      }
      try {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
          throw new AssertionError(
              "still running after %d s: %s%n%s"
                  .formatted(seconds, String.join(" ", command), Files.readString(out, UTF_8)));
        }
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      return new Ended(process.exitValue(), Files.readString(out, UTF_8).strip());
    } finally {
      Files.deleteIfExists(out);
    }
  }
}
