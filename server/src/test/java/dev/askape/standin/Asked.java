package dev.askape.standin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askape.http.EventLoops;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The stand-in, with a client that asks it in every dialect.
final class Asked implements AutoCloseable {
  static final String KEY = "sk-planted-0123456789abcdef";
  private static final String HI = "hi 😀";

  private final EventLoops loops = EventLoops.start(1);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  final StandInProvider standIn;

  Asked(Optional<String> key) {
    standIn = StandInProvider.start(loops, "127.0.0.1", 0, key);
  }

  /// A kind of provider, from its client's side.
  enum Kind {
    OPENAI("/v1/models", "authorization"),
    ANTHROPIC("/v1/models", "x-api-key"),
    GEMINI("/v1beta/models", "x-goog-api-key"),
    OLLAMA("/api/tags", "authorization");

    private final String models;
    private final String keyHeader;

    Kind(String models, String keyHeader) {
      this.models = models;
      this.keyHeader = keyHeader;
    }

    String path(String model, boolean streamed) {
      return switch (this) {
        case OPENAI -> "/v1/chat/completions";
        case ANTHROPIC -> "/v1/messages";
        case GEMINI ->
            "/v1beta/models/"
                + model.replace("=", "%3D")
                + (streamed ? ":streamGenerateContent?alt=sse" : ":generateContent");
        case OLLAMA -> "/api/chat";
      };
    }

    String body(String model, boolean streamed) {
      var messages = "\"messages\":[{\"role\":\"user\",\"content\":\"" + HI + "\"}],";
      var start = "{\"model\":\"" + model + "\"," + messages + "\"stream\":" + streamed;
      return switch (this) {
        case OPENAI -> start + ",\"stream_options\":{\"include_usage\":true}}";
        case ANTHROPIC -> start + ",\"max_tokens\":100}";
        case GEMINI -> "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"" + HI + "\"}]}]}";
        case OLLAMA -> start + "}";
      };
    }

    private HttpRequest.Builder request(StandInProvider standIn, String path, String key) {
      var request = HttpRequest.newBuilder(URI.create(standIn.root() + path));
      if (this == ANTHROPIC) {
        request.header("anthropic-version", "2023-06-01");
      }
      if (!key.isEmpty()) {
        request.header(keyHeader, keyHeader.equals("authorization") ? "Bearer " + key : key);
      }
      return request;
    }

    /// The data of the events of a stream that are JSON.
    List<JsonNode> events(String stream) {
      return stream
          .lines()
          .filter(line -> this == OLLAMA ? !line.isBlank() : line.startsWith("data:"))
          .map(line -> this == OLLAMA ? line : line.substring("data:".length()).strip())
          .flatMap(line -> JsonText.read(line.getBytes(StandardCharsets.UTF_8)).stream())
          .filter(JsonNode::isObject)
          .toList();
    }

    /// The answer's text in a stream.
    String text(String stream) {
      return switch (this) {
        case OPENAI -> joined(stream, "/choices/0/delta/content");
        case ANTHROPIC -> joined(stream, "/delta/text");
        case GEMINI -> parts(stream, part -> !part.path("thought").asBoolean());
        case OLLAMA -> joined(stream, "/message/content");
      };
    }

    /// The reasoning in a stream.
    String reasoning(String stream) {
      return switch (this) {
        case OPENAI -> joined(stream, "/choices/0/delta/reasoning_content");
        case ANTHROPIC -> joined(stream, "/delta/thinking");
        case GEMINI -> parts(stream, part -> part.path("thought").asBoolean());
        case OLLAMA -> joined(stream, "/message/thinking");
      };
    }

    private String parts(String stream, Predicate<JsonNode> which) {
      return events(stream).stream()
          .flatMap(event -> parts(event))
          .filter(which)
          .map(part -> part.path("text").asText())
          .collect(Collectors.joining());
    }

    private static Stream<JsonNode> parts(JsonNode event) {
      var parts = new ArrayList<JsonNode>();
      event.at("/candidates/0/content/parts").forEach(parts::add);
      return parts.stream();
    }

    private String joined(String stream, String pointer) {
      return events(stream).stream()
          .map(event -> event.at(pointer).asText(""))
          .collect(Collectors.joining());
    }
  }

  HttpResponse<String> stream(Kind kind, String model) throws IOException, InterruptedException {
    return http.send(request(kind, model, true), BodyHandlers.ofString());
  }

  HttpResponse<byte[]> bytes(Kind kind, String model) throws IOException, InterruptedException {
    return http.send(request(kind, model, true), BodyHandlers.ofByteArray());
  }

  InputStream input(Kind kind, String model) throws IOException, InterruptedException {
    return http.send(request(kind, model, true), BodyHandlers.ofInputStream()).body();
  }

  JsonNode whole(Kind kind, String model) throws IOException, InterruptedException {
    return json(http.send(request(kind, model, false), BodyHandlers.ofString()).body());
  }

  /// The head of the response, once it is there, and its lines as they come.
  CompletableFuture<HttpResponse<Stream<String>>> begin(Kind kind, String model) {
    return http.sendAsync(request(kind, model, true), BodyHandlers.ofLines());
  }

  HttpResponse<String> models(Kind kind, String key) throws IOException, InterruptedException {
    return http.send(kind.request(standIn, kind.models, key).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(standIn.root() + path)).build(), BodyHandlers.ofString());
  }

  private HttpRequest request(Kind kind, String model, boolean streamed) {
    return kind.request(standIn, kind.path(model, streamed), KEY)
        .POST(HttpRequest.BodyPublishers.ofString(kind.body(model, streamed)))
        .build();
  }

  static JsonNode json(String text) {
    return JsonText.read(text.getBytes(StandardCharsets.UTF_8))
        .orElseThrow(() -> new AssertionError("no JSON: " + text));
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
    standIn.close();
    loops.close();
  }
}
