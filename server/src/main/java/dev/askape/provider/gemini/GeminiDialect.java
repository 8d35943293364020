package dev.askape.provider.gemini;

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
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Google's Gemini API. The key goes into a header, never into a URL.
public final class GeminiDialect implements Dialect {
  static final String MODELS = "models/";
  private static final String METHOD = "generateContent";

  @Override
  public Framing framing() {
    return Framing.EVENTS;
  }

  @Override
  public Map<String, String> headers(Optional<Secret> key) {
    return key.map(it -> Map.of("x-goog-api-key", it.reveal())).orElse(Map.of());
  }

  @Override
  public String usualBasePath() {
    return "/v1beta";
  }

  @Override
  public Supplier<RequestForm> requests(String model, CallOptions options) {
    var form = new GeminiForm(model);
    return () -> form;
  }

  @Override
  public boolean read(byte[] bytes, int start, int length, Chunk chunk) {
    return ChunkJson.parse(bytes, start, length, chunk, ResponseParser::root);
  }

  @Override
  public Optional<FinishReason> finish(String word) {
    return Optional.of(
        switch (word) {
          case "STOP" -> FinishReason.STOP;
          case "MAX_TOKENS" -> FinishReason.LENGTH;
          case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY" ->
              FinishReason.CONTENT_FILTER;
          default -> FinishReason.OTHER;
        });
  }

  @Override
  public String listPath(Optional<String> page) {
    return "/models?pageSize=1000"
        + page.map(token -> "&pageToken=" + PathSegment.encode(token)).orElse("");
  }

  @Override
  public Optional<ModelPage> readList(byte[] body) {
    return ModelPage.tree(body)
        .flatMap(tree ->
            ModelPage.models(tree.path("models"), GeminiDialect::model)
                .map(models -> new ModelPage(models, ModelPage.text(tree, "nextPageToken"))));
  }

  /// Those that make embeddings, images or speech cannot be talked to.
  private static Optional<ListedModel> model(JsonNode entry) {
    return ModelPage.text(entry, "name")
        .filter(_ -> talks(entry.path("supportedGenerationMethods")))
        .map(name ->
            new ListedModel(
                name.startsWith(MODELS) ? name.substring(MODELS.length()) : name,
                ModelPage.text(entry, "displayName"),
                ModelPage.count(entry, "inputTokenLimit")));
  }

  private static boolean talks(JsonNode methods) {
    boolean talks = methods.isEmpty();
    for (var method : methods) {
      talks |= METHOD.equals(method.textValue());
    }
    return talks;
  }
}
