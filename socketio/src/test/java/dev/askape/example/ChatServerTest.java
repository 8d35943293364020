package dev.askape.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.http.EventLoops;
import dev.askape.http.HttpServer;
import dev.askape.testing.TestClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ChatServerTest {
  @Test
  void tellsTheOthersWhatOneSays() {
    try (EventLoops loops = EventLoops.start(1);
        HttpServer server = ChatServer.start(loops, 0);
        TestClient ann = TestClient.open(server.port(), "/socket.io/", TestClient.Way.UPGRADED);
        TestClient ben = TestClient.open(server.port(), "/socket.io/", TestClient.Way.POLLING)) {
      String annsId = ann.connect("/");
      ben.connect("/");
      ben.send("421[\"say\",\"ready\"]");
      assertThat(ben.nextText()).isEqualTo("431[\"ok\"]");
      ann.nextText();
      ann.send("42[\"say\",\"hello\"]");
      assertThat(ben.nextText()).isEqualTo("42[\"said\",\"" + annsId + "\",\"hello\"]");
      ann.send("1");
      assertThat(ben.nextText()).isEqualTo("42[\"left\",\"" + annsId + "\",\"transport close\"]");
    }
  }

  @Test
  void isTheProgramInTheReadme() throws IOException {
    String source = Files.readString(Path.of("src/test/java/dev/askape/example/ChatServer.java"));
    String program =
        source.substring(source.indexOf("  static HttpServer"), source.lastIndexOf('}'));
    assertThat(Files.readString(Path.of("README.md")))
        .contains(program.stripTrailing().stripIndent());
  }
}
