package dev.askape.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The contract, checked from outside by the official JavaScript clients: each test of
/// `conformance/` is one here.
class ContractIT {
  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> contract() throws IOException, InterruptedException {
    var suite = NodeSuite.install(Path.of("target", "conformance").toAbsolutePath());
    try (var server = TestServer.start(folder)) {
      return suite.run(server.uri(), server.standIn().baseUrl().resolve("/")).stream()
          .map(ContractIT::test);
    }
  }

  private static DynamicTest test(NodeSuite.Result result) {
    var name = String.join(" › ", result.path());
    return DynamicTest.dynamicTest(
        name,
        () -> {
          assumeFalse(result.skipped(), "skipped by the suite");
          assertThat(result.ok()).as("%s%n%s", name, result.error()).isTrue();
        });
  }
}
