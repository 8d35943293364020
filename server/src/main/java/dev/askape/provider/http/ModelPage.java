package dev.askape.provider.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.askape.provider.ListedModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/// One page of a list of models.
///
/// @param next names the page after it; absent when it is the last one
public record ModelPage(List<ListedModel> models, Optional<String> next) {
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(64).build())
                  .build())
          .build();
  private static final int MAX_ID = 256;

  public ModelPage {
    models = List.copyOf(models);
  }

  /// The JSON of a page; empty when it is none.
  public static Optional<JsonNode> tree(byte[] body) {
    try {
      return Optional.of(JSON.readTree(body));
    } catch (JacksonException _) {
      return Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// Reads the entries of a list. Those without a usable id are left out.
  ///
  /// @param model makes a model of an entry, if it is one to talk to
  /// @return empty when it is no list of objects
  public static Optional<List<ListedModel>> models(
      JsonNode list, Function<JsonNode, Optional<ListedModel>> model) {
    if (!list.isArray()) {
      return Optional.empty();
    }
    var models = new ArrayList<ListedModel>();
    boolean objects = list.isEmpty();
    for (var entry : list) {
      if (entry.isObject()) {
        objects = true;
        model.apply(entry).filter(it -> isUsable(it.id())).ifPresent(models::add);
      }
    }
    return objects ? Optional.of(models) : Optional.empty();
  }

  private static boolean isUsable(String id) {
    return !id.isBlank()
        && id.length() <= MAX_ID
        && id.codePoints().noneMatch(c -> Character.isISOControl(c) || !Character.isDefined(c));
  }

  /// A field if it is a text that is not empty.
  public static Optional<String> text(JsonNode entry, String field) {
    return Optional.ofNullable(entry.path(field).textValue()).filter(text -> !text.isEmpty());
  }

  /// A field if it is a positive number.
  public static OptionalInt count(JsonNode entry, String field) {
    var value = entry.path(field);
    return value.canConvertToInt() && value.intValue() > 0
        ? OptionalInt.of(value.intValue())
        : OptionalInt.empty();
  }
}
