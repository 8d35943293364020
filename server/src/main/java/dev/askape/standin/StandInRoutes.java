package dev.askape.standin;

import dev.askape.http.HttpExchange;
import dev.askape.http.HttpReply;
import dev.askape.http.HttpRoute;
import java.util.List;
import java.util.Optional;

/// The stand-in's routes: which dialect is spoken where. Called on event loops; never blocks.
final class StandInRoutes {
  /// Where a scripted redirection leads.
  static final String ELSEWHERE = "/elsewhere";

  private static final List<String> LISTED = List.of("fake-a", "fake-b", "fake-c");

  private final StandInStats stats;
  private final Optional<String> key;
  private final Answering answering;
  private final Dialect openAi = new OpenAiDialect();
  private final Dialect anthropic = new AnthropicDialect();
  private final Dialect gemini = new GeminiDialect();
  private final Dialect ollama = new OllamaDialect();

  /// @param key that every request must show; empty: none must
  StandInRoutes(StandInStats stats, Optional<String> key) {
    this.stats = stats;
    this.key = key;
    this.answering = new Answering(stats);
  }

  List<HttpRoute> all() {
    return List.of(
        HttpRoute.exact("/v1/chat/completions", it -> answer(openAi, it)),
        HttpRoute.exact("/v1/messages", it -> answer(anthropic, it)),
        HttpRoute.exact(
            "/v1/models",
            it -> models(it.header(AnthropicDialect.VERSION).isPresent() ? anthropic : openAi, it)),
        HttpRoute.exact(GeminiDialect.MODELS, it -> models(gemini, it)),
        HttpRoute.prefix(GeminiDialect.MODELS, it -> answer(gemini, it)),
        HttpRoute.exact("/api/chat", it -> answer(ollama, it)),
        HttpRoute.exact("/api/tags", it -> models(ollama, it)),
        HttpRoute.exact(ELSEWHERE, this::elsewhere),
        HttpRoute.exact("/stats", it -> reply(it, 200, stats.json())));
  }

  private void models(Dialect dialect, HttpExchange exchange) {
    if (isLetIn(dialect, exchange)) {
      reply(exchange, 200, dialect.models(LISTED));
    }
  }

  private void answer(Dialect dialect, HttpExchange exchange) {
    if (!exchange.method().equals("POST")) {
      refuse(dialect, exchange, new Dialect.Refusal(405, "POST only"));
    } else if (isLetIn(dialect, exchange)) {
      try {
        scripted(dialect, exchange, dialect.read(exchange));
      } catch (Dialect.BadRequest e) {
        refuse(dialect, exchange, e.refusal());
      }
    }
  }

  private void scripted(Dialect dialect, HttpExchange exchange, Ask ask) {
    var script = Script.parse(ask.model());
    if (script.isEmpty()) {
      refuse(dialect, exchange, new Dialect.Refusal(404, "The model does not exist"));
    } else {
      long call = stats.asked(ask.model());
      answering.answer(dialect, exchange, ask, script.get().ofCall(call));
    }
  }

  private boolean isLetIn(Dialect dialect, HttpExchange exchange) {
    var shown = dialect.key(exchange);
    if (key.isEmpty() || key.equals(shown)) {
      return true;
    }
    refuse(dialect, exchange, dialect.wrongKey(shown.isPresent()));
    return false;
  }

  private void elsewhere(HttpExchange exchange) {
    stats.redirected();
    reply(exchange, 200, "{}");
  }

  private static void refuse(Dialect dialect, HttpExchange exchange, Dialect.Refusal refusal) {
    reply(exchange, refusal.status(), dialect.error(refusal));
  }

  private static void reply(HttpExchange exchange, int status, String json) {
    exchange.reply(HttpReply.json(status, JsonText.bytes(json)));
  }
}
