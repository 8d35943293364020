package dev.askape.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The contract, checked from outside by the official JavaScript clients: each test of
/// `conformance/` is one here.
class ContractIT {
  /// What the configuration of the server for `money.test.js` has more.
  private static final Map<String, String> MONEY =
      Map.of(
          "--models",
          """
          [{id: fake-a, name: Fake A, provider: fake, price: {prompt: 1, completion: 2, cached: 0.5}},
           {id: "fake-down:fail=401", provider: fake, price: {prompt: 30, completion: 40},
            fallback: "fake-spare:tokens=3,first=0,rate=0"},
           {id: "fake-*", provider: fake, price: {prompt: 3, completion: 4}}]
          """,
          "--budgets",
          "{guest: {tokens: 1000}, user: {money: 1, per: all}, turn: {tokens: 600}, answer-tokens: 300}");

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> contract() throws IOException, InterruptedException {
    var suite = NodeSuite.install(Path.of("target", "conformance").toAbsolutePath());
    var ofMoney = Files.createDirectory(folder.resolve("money"));
    try (var server = TestServer.start(folder);
        var money = TestServer.start(ofMoney, MONEY)) {
      return suite
          .run(
              Map.of(
                  "ASKAPE_URL", server.uri(),
                  "PROVIDER_URL", server.standIn().baseUrl().resolve("/"),
                  "ASKAPE_MONEY_URL", money.uri(),
                  "MONEY_PROVIDER_URL", money.standIn().baseUrl().resolve("/")))
          .stream()
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
