package dev.askape.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askape.chat.FinishReason;
import dev.askape.provider.CallOptions;
import dev.askape.provider.ListedModel;
import dev.askape.provider.Secret;
import dev.askape.provider.http.Chunk;
import dev.askape.provider.http.Dialect;
import dev.askape.provider.http.Framing;
import dev.askape.provider.http.ModelPage;
import dev.askape.provider.http.RequestForm;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The API of OpenAI, as it and everybody else speaks it. It remembers whether its endpoint takes
/// `stream_options`.
public final class OpenAiDialect implements Dialect {
  private volatile boolean streamOptions = true;

  @Override
  public Framing framing() {
    return Framing.EVENTS;
  }

  @Override
  public Map<String, String> headers(Optional<Secret> key) {
    return key.map(it -> Map.of("authorization", "Bearer " + it.reveal())).orElse(Map.of());
  }

  @Override
  public Supplier<RequestForm> requests(String model, CallOptions options) {
    return new OpenAiRequests(this, model);
  }

  @Override
  public boolean read(byte[] bytes, int start, int length, Chunk chunk) {
    return ChunkParser.parse(bytes, start, length, chunk);
  }

  @Override
  public Optional<FinishReason> finish(String word) {
    return FinishReasons.of(word);
  }

  @Override
  public String listPath(Optional<String> page) {
    return "/models";
  }

  /// `{"data": [{"id": …}]}`, or the bare array.
  @Override
  public Optional<ModelPage> readList(byte[] body) {
    return ModelPage.tree(body)
        .flatMap(tree -> ModelPage.models(tree.isArray() ? tree : tree.path("data"), this::model))
        .map(models -> new ModelPage(models, Optional.empty()));
  }

  private Optional<ListedModel> model(JsonNode entry) {
    return ModelPage.text(entry, "id")
        .map(id ->
            new ListedModel(
                id,
                ModelPage.text(entry, "name").filter(name -> !name.equals(id)),
                ListedFields.window(entry),
                ListedFields.price(entry)));
  }

  boolean streamOptions() {
    return streamOptions;
  }

  void withoutStreamOptions() {
    streamOptions = false;
  }
}
