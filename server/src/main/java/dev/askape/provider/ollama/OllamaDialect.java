package dev.askape.provider.ollama;

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
import dev.askape.provider.http.RequestForm;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/// Ollama's own API. A key is needed only where a proxy or Ollama's cloud wants one.
public final class OllamaDialect implements Dialect {
  @Override
  public Framing framing() {
    return Framing.LINES;
  }

  @Override
  public Map<String, String> headers(Optional<Secret> key) {
    return key.map(it -> Map.of("authorization", "Bearer " + it.reveal())).orElse(Map.of());
  }

  @Override
  public Supplier<RequestForm> requests(String model, CallOptions options) {
    return new OllamaRequests(model, options.contextWindow());
  }

  @Override
  public boolean read(byte[] bytes, int start, int length, Chunk chunk) {
    return ChunkJson.parse(bytes, start, length, chunk, LineParser::root);
  }

  @Override
  public Optional<FinishReason> finish(String word) {
    return Optional.of(
        switch (word) {
          case "stop" -> FinishReason.STOP;
          case "length" -> FinishReason.LENGTH;
          default -> FinishReason.OTHER; // load, unload
        });
  }

  @Override
  public String listPath(Optional<String> page) {
    return "/api/tags";
  }

  @Override
  public Optional<ModelPage> readList(byte[] body) {
    return ModelPage.tree(body)
        .flatMap(tree -> ModelPage.models(tree.path("models"), OllamaDialect::model))
        .map(models -> new ModelPage(models, Optional.empty()));
  }

  private static Optional<ListedModel> model(JsonNode entry) {
    return ModelPage.text(entry, "model")
        .or(() -> ModelPage.text(entry, "name"))
        .map(id -> new ListedModel(id, Optional.empty(), OptionalInt.empty()));
  }
}
