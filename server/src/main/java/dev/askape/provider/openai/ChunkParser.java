package dev.askape.provider.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.askape.chat.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Reads one chunk of a chat completion, token by token, without a tree. Immutable, safe for any
/// thread.
///
/// Accepts what the servers send: `delta` or `message`; `content` as a text or as an array of parts
/// (of which the thinking ones are reasoning); reasoning as `reasoning`, `reasoning_content` or
/// `reasoning_text`; `usage` in any chunk, in a choice and in `x_groq`; `error` at the top, in the
/// choice, as the whole chunk and in an array around it. Only the first choice counts. Broken UTF-8
/// becomes U+FFFD; halves of a surrogate pair, escaped apart in two chunks, stay halves.
final class ChunkParser {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(64).maxNumberLength(64).build())
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private ChunkParser() {}

  /// Fills `chunk` with what the bytes say.
  ///
  /// @return false when it is not JSON; the chunk is to be ignored then
  static boolean parse(byte[] bytes, int length, Chunk chunk) {
    chunk.clear();
    try (var json = JSON.createParser(bytes, 0, length)) {
      values(json, chunk);
      return true;
    } catch (IOException _) {
      return parseRepaired(new String(bytes, 0, length, StandardCharsets.UTF_8), chunk);
    }
  }

  /// Once more, from a text in which every broken character was replaced.
  private static boolean parseRepaired(String text, Chunk chunk) {
    chunk.clear();
    try (var json = JSON.createParser(text)) {
      values(json, chunk);
      return true;
    } catch (IOException _) {
      chunk.clear();
      return false;
    }
  }

  /// Several values may follow each other, where a server forgot the empty line between events.
  private static void values(JsonParser json, Chunk chunk) throws IOException {
    for (var token = json.nextToken(); token != null; token = json.nextToken()) {
      switch (token) {
        case START_OBJECT -> root(json, chunk);
        case START_ARRAY -> array(json, chunk);
        default -> json.skipChildren();
      }
    }
  }

  private static void array(JsonParser json, Chunk chunk) throws IOException {
    for (var token = json.nextToken(); isInside(token); token = json.nextToken()) {
      if (token == JsonToken.START_OBJECT) {
        root(json, chunk);
      } else {
        json.skipChildren();
      }
    }
  }

  private static void root(JsonParser json, Chunk chunk) throws IOException {
    boolean choices = false;
    String message = "";
    String kind = "";
    String code = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      json.nextToken();
      switch (field) {
        case "choices" -> {
          choices = true;
          choices(json, chunk);
        }
        case "usage", "error", "x_groq" -> aside(field, json, chunk);
        case "object", "type" -> kind = ErrorParser.text(json).equals("error") ? "error" : kind;
        case "message", "detail" -> message = ErrorParser.text(json);
        case "code" -> code = ErrorParser.text(json);
        default -> json.skipChildren();
      }
    }
    boolean failed = !kind.isEmpty() || !message.isEmpty();
    if (chunk.error == null && !choices && failed) {
      chunk.error = new ApiError(message, code, "");
    }
  }

  private static void aside(String field, JsonParser json, Chunk chunk) throws IOException {
    switch (field) {
      case "usage" -> chunk.usage = newer(usage(json), chunk.usage);
      case "error" -> chunk.error = newer(ErrorParser.parse(json), chunk.error);
      default -> {
        if (json.currentToken() == JsonToken.START_OBJECT) {
          while (json.nextToken() == JsonToken.FIELD_NAME) {
            var inner = json.currentName();
            json.nextToken();
            if (inner.equals("usage") || inner.equals("error")) {
              aside(inner, json, chunk);
            } else {
              json.skipChildren();
            }
          }
        }
      }
    }
  }

  private static <T> @Nullable T newer(@Nullable T found, @Nullable T before) {
    return found == null ? before : found;
  }

  private static void choices(JsonParser json, Chunk chunk) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    boolean first = true;
    for (var token = json.nextToken(); isInside(token); token = json.nextToken()) {
      if (first && token == JsonToken.START_OBJECT) {
        choice(json, chunk);
      } else {
        json.skipChildren();
      }
      first = false;
    }
  }

  private static void choice(JsonParser json, Chunk chunk) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      var token = json.nextToken();
      switch (field) {
        case "delta", "message" -> {
          if (token == JsonToken.START_OBJECT) {
            delta(json, chunk);
          } else {
            json.skipChildren();
          }
        }
        case "finish_reason" -> {
          if (token == JsonToken.VALUE_STRING && !json.getText().isEmpty()) {
            chunk.finishReason = json.getText();
          } else {
            json.skipChildren();
          }
        }
        case "usage", "error" -> aside(field, json, chunk);
        default -> json.skipChildren();
      }
    }
  }

  private static void delta(JsonParser json, Chunk chunk) throws IOException {
    String best = "";
    int rank = Integer.MAX_VALUE;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      json.nextToken();
      int fieldRank = reasoningRank(field);
      if (fieldRank >= 0) {
        var value = ErrorParser.text(json);
        if (!value.isEmpty() && fieldRank < rank) {
          best = value;
          rank = fieldRank;
        }
      } else if (field.equals("content") || field.equals("refusal")) {
        content(json, chunk);
      } else {
        json.skipChildren();
      }
    }
    if (!best.isEmpty()) {
      chunk.addThinking(best);
    }
  }

  /// Some servers send the same reasoning under two names; the lowest rank is taken.
  private static int reasoningRank(String field) {
    return switch (field) {
      case "reasoning" -> 0;
      case "reasoning_content" -> 1;
      case "reasoning_text" -> 2;
      default -> -1;
    };
  }

  private static void content(JsonParser json, Chunk chunk) throws IOException {
    switch (json.currentToken()) {
      case VALUE_STRING -> chunk.addText(json.getText());
      case START_ARRAY -> {
        for (var token = json.nextToken(); isInside(token); token = json.nextToken()) {
          switch (token) {
            case VALUE_STRING -> chunk.addText(json.getText());
            case START_OBJECT -> part(json, chunk);
            default -> json.skipChildren();
          }
        }
      }
      default -> json.skipChildren();
    }
  }

  /// `{"type": "text", "text": "…"}` or `{"type": "thinking", "thinking": "…" | [parts]}`.
  private static void part(JsonParser json, Chunk chunk) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      var token = json.nextToken();
      if (field.equals("text") && token == JsonToken.VALUE_STRING) {
        chunk.addText(json.getText());
      } else if (field.equals("thinking")) {
        var inner = new Chunk();
        content(json, inner);
        chunk.addThinking(inner.text);
      } else {
        json.skipChildren();
      }
    }
  }

  private static @Nullable Usage usage(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return null;
    }
    long prompt = -1;
    long completion = -1;
    long reasoning = -1;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      var token = json.nextToken();
      switch (field) {
        case "prompt_tokens" -> prompt = count(json);
        case "completion_tokens" -> completion = count(json);
        case "reasoning_tokens" -> reasoning = count(json);
        case "completion_tokens_details" ->
            reasoning = token == JsonToken.START_OBJECT ? reasoningIn(json) : reasoning;
        default -> json.skipChildren();
      }
    }
    if (prompt < 0 && completion < 0) {
      return null;
    }
    return new Usage(
        Math.max(0, prompt),
        Math.max(0, completion),
        OptionalLong.empty(),
        reasoning < 0 ? OptionalLong.empty() : OptionalLong.of(reasoning),
        Optional.empty(),
        false);
  }

  private static long reasoningIn(JsonParser json) throws IOException {
    long reasoning = -1;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      json.nextToken();
      if (field.equals("reasoning_tokens")) {
        reasoning = count(json);
      } else {
        json.skipChildren();
      }
    }
    return reasoning;
  }

  private static long count(JsonParser json) throws IOException {
    json.skipChildren();
    return json.getValueAsLong(-1);
  }

  private static boolean isInside(@Nullable JsonToken token) {
    return token != null && token != JsonToken.END_ARRAY;
  }
}
