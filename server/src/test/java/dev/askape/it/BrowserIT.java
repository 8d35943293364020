package dev.askape.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What pages in a real browser get.
@Timeout(180)
class BrowserIT {
  private static final String EVIL = "evil.example";

  @TempDir private Path folder;

  @Test
  void showsThePage() throws Exception {
    var browser = Browser.find(folder, "MAP " + EVIL + " 127.0.0.1");
    try (var server = TestServer.start(folder)) {
      assertThat(browser.dump(server.uri() + "/"))
          .contains("The server runs", "Fake A", "Fake B", "fake-a", "fake-b");
      // The same server under a name of somebody else's (DNS rebinding).
      assertThat(browser.dump("http://" + EVIL + ":" + server.uri().getPort() + "/"))
          .doesNotContain("The server runs", "Fake A", "fake-a")
          .contains("Forbidden");
    }
  }

  @Test
  void givesAPageOfAnotherOriginNothing() throws Exception {
    var browser = Browser.find(folder, "MAP " + EVIL + " 127.0.0.1");
    try (var server = TestServer.start(folder);
        var pages = new VisitorPages(server.uri(), EVIL);
        var _ = browser.open("http://127.0.0.1:" + pages.port() + "/")) {
      var told = new HashMap<String, JsonNode>();
      while (told.size() < 2) {
        var next = pages.told();
        told.put(next.path("origin").asText(), next);
      }

      // Loopback origins are allowed by default: so all of this works, and what fails below does
      // so because of the origin.
      var friend = requireNonNull(told.get("http://127.0.0.1:" + pages.port()));
      assertThat(friend.path("models").asText()).startsWith("200 ").contains("fake-a");
      assertThat(friend.path("polling").asText()).startsWith("200 0{").contains("sid");
      assertThat(friend.path("webSocket").asText()).startsWith("0{").contains("sid");

      var stranger = requireNonNull(told.get("http://" + EVIL + ":" + pages.port()));
      assertThat(stranger.path("models").asText()).isEqualTo("refused: TypeError");
      assertThat(stranger.path("polling").asText()).isEqualTo("refused: TypeError");
      assertThat(stranger.path("webSocket").asText()).isEqualTo("refused: error");
    }
  }
}
