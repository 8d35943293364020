package dev.askape.provider.openai;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Reads the answer to `GET /models`: `{"data": [{"id": …}]}`, or the bare array.
final class ModelList {
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(64).build())
                  .build())
          .build();
  private static final List<String> WINDOWS =
      List.of("context_length", "max_model_len", "context_window", "max_context_length");
  private static final int MAX_ID = 256;

  private ModelList() {}

  /// Empty when it is no list of models. Entries without a usable id are left out, repeated ids
  /// count once.
  static Optional<List<ListedModel>> parse(byte[] body, int limit) {
    JsonNode root;
    try {
      root = JSON.readTree(body);
    } catch (JacksonException _) {
      return Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
    var list = root.isArray() ? root : root.path("data");
    if (!list.isArray()) {
      return Optional.empty();
    }
    var models = new LinkedHashMap<String, ListedModel>();
    for (var entry : list) {
      var id = entry.path("id");
      if (id.isTextual() && isUsable(id.textValue()) && models.size() < limit) {
        models.putIfAbsent(id.textValue(), new ListedModel(id.textValue(), window(entry)));
      }
    }
    return models.isEmpty() && !list.isEmpty()
        ? Optional.empty()
        : Optional.of(List.copyOf(models.values()));
  }

  private static boolean isUsable(String id) {
    return !id.isBlank()
        && id.length() <= MAX_ID
        && id.codePoints().noneMatch(c -> Character.isISOControl(c) || !Character.isDefined(c));
  }

  private static OptionalInt window(JsonNode entry) {
    for (var name : WINDOWS) {
      if (entry.path(name).canConvertToInt() && entry.path(name).intValue() > 0) {
        return OptionalInt.of(entry.path(name).intValue());
      }
    }
    var trained = entry.path("meta").path("n_ctx_train");
    return trained.canConvertToInt() && trained.intValue() > 0
        ? OptionalInt.of(trained.intValue())
        : OptionalInt.empty();
  }
}
