package dev.askape.it;

import static dev.askape.it.ChatClient.payload;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server with an empty environment and no configuration. Discovery is off, so that nothing that
/// happens to run on the machine is found.
@Timeout(120)
class NoConfigurationIT {
  private static final String A = "askape/demo-a";
  private static final String B = "askape/demo-b";

  @TempDir private Path folder;

  @Test
  void answersWithTwoDemoModelsSideBySideAndSaysHowToGetRealOnes() throws Exception {
    try (var server = ServerProcess.start(Program.in(folder), "--discovery=false")) {
      Patience.until(
          "the greeting",
          () -> server.output().contains("two demo models answer. They are not language models."));
      try (var client = ChatClient.connect(server.uri())) {
        var session = UUID.randomUUID().toString();
        client.send("join_session", payload().put("sessionId", session));
        var guest = client.await("session_joined").path("guestId").asText();
        assertThat(guest).startsWith("guest_");
        client.send(
            "message",
            payload().put("sessionId", session).put("guestId", guest).put("message", "Hello!"));
        var saved = client.await("message_saved");
        assertThat(saved.path("stored").asText()).isEqualTo("memory");
        assertThat(saved.path("durable").asBoolean()).isTrue();
        var over = client.await("all_responses_complete");
        assertThat(over.path("modelsCompleted").asInt()).isEqualTo(2);

        var speakers =
            client.heard().stream()
                .filter(heard -> heard.event().equals("message_chunk"))
                .map(heard -> heard.payload().path("modelId").asText())
                .toList();
        assertThat(speakers).contains(A, B);
        assertThat(speakers.indexOf(A)).isLessThan(speakers.lastIndexOf(B));
        assertThat(speakers.indexOf(B)).isLessThan(speakers.lastIndexOf(A));
        for (var model : new String[] {A, B}) {
          var complete =
              client.await(
                  0, "model_streaming_complete", e -> e.path("modelId").asText().equals(model));
          assertThat(complete.path("modelName").asText()).endsWith("not a language model");
          assertThat(complete.path("content").asText()).contains("Hello!", "HF_TOKEN");
        }
      }
      showsItself(server);
    }
  }

  private static void showsItself(ServerProcess server) throws Exception {
    var page = Http.get(server.uri(), "/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains("Demo A, not a language model", "Demo B, not a language model", A, B);
    var health = Http.get(server.uri(), "/api/health").json();
    assertThat(health.path("success").asBoolean()).isTrue();
    assertThat(health.path("status").asText()).isEqualTo("healthy");
    assertThat(health.path("database").asText()).isEqualTo("embedded");
    assertThat(health.path("realtime").asText()).isEqualTo("socket.io");
    var models = Http.get(server.uri(), "/api/models").json().path("models");
    assertThat(models).hasSize(2);
    assertThat(models.get(0).path("id").asText()).isEqualTo(A);
    assertThat(models.get(1).path("id").asText()).isEqualTo(B);
    assertThat(models).allMatch(model -> model.path("isDefault").asBoolean());
  }
}
