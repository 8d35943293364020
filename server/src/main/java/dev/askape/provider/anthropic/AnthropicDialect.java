package dev.askape.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askape.chat.FinishReason;
import dev.askape.provider.CallOptions;
import dev.askape.provider.ListedModel;
import dev.askape.provider.Secret;
import dev.askape.provider.http.Chunk;
import dev.askape.provider.http.ChunkJson;
import dev.askape.provider.http.Dialect;
import dev.askape.provider.http.Framing;
import dev.askape.provider.http.ModelPage;
import dev.askape.provider.http.PathSegment;
import dev.askape.provider.http.RequestForm;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Anthropic's Messages API.
public final class AnthropicDialect implements Dialect {
  private static final String VERSION = "2023-06-01";

  @Override
  public Framing framing() {
    return Framing.EVENTS;
  }

  @Override
  public Map<String, String> headers(Optional<Secret> key) {
    var headers = new HashMap<String, String>();
    headers.put("anthropic-version", VERSION);
    key.ifPresent(it -> headers.put("x-api-key", it.reveal()));
    return headers;
  }

  @Override
  public String usualBasePath() {
    return "/v1";
  }

  @Override
  public Supplier<RequestForm> requests(String model, CallOptions options) {
    return new AnthropicRequests(model);
  }

  @Override
  public boolean read(byte[] bytes, int start, int length, Chunk chunk) {
    return ChunkJson.parse(bytes, start, length, chunk, EventParser::root);
  }

  @Override
  public Optional<FinishReason> finish(String word) {
    return Optional.of(
        switch (word) {
          case "end_turn", "stop_sequence" -> FinishReason.STOP;
          case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
          case "refusal" -> FinishReason.CONTENT_FILTER;
          default -> FinishReason.OTHER; // tool_use, pause_turn
        });
  }

  @Override
  public String listPath(Optional<String> page) {
    return "/models?limit=1000"
        + page.map(after -> "&after_id=" + PathSegment.encode(after)).orElse("");
  }

  @Override
  public Optional<ModelPage> readList(byte[] body) {
    return ModelPage.tree(body)
        .flatMap(tree ->
            ModelPage.models(tree.path("data"), AnthropicDialect::model)
                .map(models -> new ModelPage(models, next(tree))));
  }

  private static Optional<String> next(JsonNode tree) {
    return tree.path("has_more").asBoolean(false)
        ? ModelPage.text(tree, "last_id")
        : Optional.empty();
  }

  private static Optional<ListedModel> model(JsonNode entry) {
    return ModelPage.text(entry, "id")
        .map(id ->
            new ListedModel(
                id,
                ModelPage.text(entry, "display_name"),
                ModelPage.count(entry, "max_input_tokens")));
  }
}
