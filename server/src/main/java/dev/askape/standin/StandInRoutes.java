package dev.askape.standin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.askape.http.HttpExchange;
import dev.askape.http.HttpReply;
import dev.askape.http.HttpRoute;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The stand-in's routes. Called on event loops; never blocks.
final class StandInRoutes {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> LISTED = List.of("fake-a", "fake-b", "fake-c");
  private static final int CHARS_PER_TOKEN = 4;

  private final StandInStats stats;
  private final Map<EventLoop, Pacer> pacers = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();

  StandInRoutes(StandInStats stats) {
    this.stats = stats;
  }

  List<HttpRoute> all() {
    return List.of(
        HttpRoute.exact("/v1/chat/completions", this::complete),
        HttpRoute.exact("/v1/models", this::models),
        HttpRoute.exact("/stats", this::stats));
  }

  private void models(HttpExchange exchange) {
    var models =
        LISTED.stream()
            .map(id -> "{\"id\":\"" + id + "\",\"object\":\"model\",\"owned_by\":\"askape\"}")
            .collect(Collectors.joining(","));
    reply(exchange, 200, "{\"object\":\"list\",\"data\":[" + models + "]}");
  }

  private void stats(HttpExchange exchange) {
    var now = stats.now();
    reply(
        exchange,
        200,
        "{\"requests\":"
            + now.requests()
            + ",\"running\":"
            + now.running()
            + ",\"completed\":"
            + now.completed()
            + ",\"cancelled\":"
            + now.cancelled()
            + "}");
  }

  private void complete(HttpExchange exchange) {
    if (!exchange.method().equals("POST")) {
      error(exchange, 405, "method_not_allowed", "POST only");
      return;
    }
    JsonNode request;
    try {
      request = JSON.readTree(exchange.body());
    } catch (IOException _) {
      error(exchange, 400, "invalid_request_error", "not JSON");
      return;
    }
    var model = request.path("model").asText("");
    var script = Script.parse(model);
    if (!request.path("messages").isArray()) {
      error(exchange, 400, "invalid_request_error", "messages must be an array");
    } else if (script.isEmpty()) {
      error(exchange, 404, "model_not_found", "The model does not exist");
    } else {
      stats.asked();
      answer(exchange, request, model, script.get());
    }
  }

  private void answer(HttpExchange exchange, JsonNode request, String model, Script script) {
    var refusal = refusal(script, request);
    if (refusal.isPresent()) {
      error(exchange, refusal.get(), "scripted", refusalText(refusal.get()));
      stats.completed();
    } else if (script.fails("hang")) {
      exchange.onClose(stats::cancelled);
    } else if (request.path("stream").asBoolean()) {
      stream(exchange, scripted(request, model, script));
    } else {
      whole(exchange, scripted(request, model, script));
    }
  }

  private static Optional<Integer> refusal(Script script, JsonNode request) {
    return switch (script.fail()) {
      case "refuse" -> Optional.of(503);
      case "401", "404", "429", "500" -> Optional.of(Integer.parseInt(script.fail()));
      case "400-stream-options" ->
          request.has("stream_options") ? Optional.of(400) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static String refusalText(int status) {
    return switch (status) {
      case 400 -> "Unknown field: stream_options";
      case 404 -> "The model does not exist";
      default -> "scripted " + status;
    };
  }

  private void stream(HttpExchange exchange, ScriptedAnswer answer) {
    var out =
        exchange.stream(
            200, Map.of("Content-Type", "text/event-stream", "Cache-Control", "no-store"));
    var chunks = new Chunks(nextId(), answer.model(), System.currentTimeMillis() / 1_000);
    pacers
        .computeIfAbsent(exchange.loop(), Pacer::new)
        .add(new ScriptedStream(answer, chunks, out, stats));
  }

  private void whole(HttpExchange exchange, ScriptedAnswer answer) {
    var gone = new AtomicBoolean();
    exchange.onClose(() -> {
      if (gone.compareAndSet(false, true)) {
        stats.cancelled();
      }
    });
    long wait = answer.firstNanos() + answer.intervalNanos() * answer.fragments();
    var _ =
        exchange
            .loop()
            .schedule(
                () -> {
                  if (gone.compareAndSet(false, true)) {
                    stats.completed();
                    reply(exchange, 200, completion(answer));
                  }
                },
                wait,
                TimeUnit.NANOSECONDS);
  }

  private String completion(ScriptedAnswer answer) {
    var text =
        IntStream.range(0, answer.fragments())
            .mapToObj(answer::fragment)
            .collect(Collectors.joining());
    return "{\"id\":\""
        + nextId()
        + "\",\"object\":\"chat.completion\",\"model\":\""
        + Chunks.escaped(answer.model())
        + "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
        + Chunks.escaped(text)
        + "\"},\"finish_reason\":\"stop\"}],\"usage\":"
        + answer.usage()
        + "}";
  }

  private static ScriptedAnswer scripted(JsonNode request, String model, Script script) {
    var messages = request.path("messages");
    boolean wantsUsage = request.path("stream_options").path("include_usage").asBoolean();
    var json = json(messages);
    var echoed = script.text().equals("echo") ? StandInText.cut(json) : List.<String>of();
    return new ScriptedAnswer(model, script, echoed, wantsUsage, json.length() / CHARS_PER_TOKEN);
  }

  private static String json(JsonNode node) {
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private String nextId() {
    return "chatcmpl-" + ids.incrementAndGet();
  }

  private static void error(HttpExchange exchange, int status, String code, String message) {
    reply(
        exchange,
        status,
        "{\"error\":{\"message\":\""
            + message
            + "\",\"type\":\"stand_in\",\"code\":\""
            + code
            + "\"}}");
  }

  private static void reply(HttpExchange exchange, int status, String json) {
    exchange.reply(HttpReply.json(status, Chunks.bytes(json)));
  }
}
