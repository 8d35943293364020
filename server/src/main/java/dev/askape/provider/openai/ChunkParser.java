package dev.askape.provider.openai;

import static dev.askape.provider.http.ChunkJson.isInside;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.askape.provider.http.Chunk;
import dev.askape.provider.http.ChunkJson;
import java.io.IOException;

/// Reads one chunk of a chat completion.
///
/// Accepts what the servers send: `delta` or `message`; `content` as a text or as an array of parts
/// (of which the thinking ones are reasoning); reasoning as `reasoning`, `reasoning_content` or
/// `reasoning_text`; `usage` in any chunk, in a choice and in `x_groq`; `error` at the top, in the
/// choice, as the whole chunk and in an array around it. Only the first choice counts.
final class ChunkParser {
  private ChunkParser() {}

  static boolean parse(byte[] bytes, int start, int length, Chunk chunk) {
    return ChunkJson.parse(bytes, start, length, chunk, ChunkParser::root);
  }

  private static void root(JsonParser json, Chunk chunk) throws IOException {
    boolean choices = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      json.nextToken();
      switch (field) {
        case "choices" -> {
          choices = true;
          ChunkJson.first(json, chunk, ChunkParser::choice);
        }
        case "usage" -> ChunkJson.object(json, chunk, UsageParser::usage);
        case "x_groq" -> ChunkJson.object(json, chunk, ChunkParser::aside);
        default -> errorOrNothing(field, json, chunk);
      }
    }
    chunk.errors().endObject(choices);
  }

  private static void errorOrNothing(String field, JsonParser json, Chunk chunk)
      throws IOException {
    if (!chunk.errors().take(field, json)) {
      json.skipChildren();
    }
  }

  private static void aside(JsonParser json, Chunk chunk) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      json.nextToken();
      switch (field) {
        case "usage" -> ChunkJson.object(json, chunk, UsageParser::usage);
        case "error" -> errorOrNothing(field, json, chunk);
        default -> json.skipChildren();
      }
    }
  }

  private static void choice(JsonParser json, Chunk chunk) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      json.nextToken();
      switch (field) {
        case "delta", "message" -> ChunkJson.object(json, chunk, ChunkParser::delta);
        case "finish_reason" -> chunk.finish(ChunkJson.textOnly(json));
        case "usage" -> ChunkJson.object(json, chunk, UsageParser::usage);
        case "error" -> errorOrNothing(field, json, chunk);
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
        var value = ChunkJson.text(json);
        if (!value.isEmpty() && fieldRank < rank) {
          best = value;
          rank = fieldRank;
        }
      } else if (field.equals("content") || field.equals("refusal")) {
        content(json, chunk, false);
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

  private static void content(JsonParser json, Chunk chunk, boolean thinking) throws IOException {
    switch (json.currentToken()) {
      case VALUE_STRING -> add(json.getText(), chunk, thinking);
      case START_ARRAY -> {
        for (var token = json.nextToken(); isInside(token); token = json.nextToken()) {
          switch (token) {
            case VALUE_STRING -> add(json.getText(), chunk, thinking);
            case START_OBJECT -> part(json, chunk, thinking);
            default -> json.skipChildren();
          }
        }
      }
      default -> json.skipChildren();
    }
  }

  /// `{"type": "text", "text": "…"}` or `{"type": "thinking", "thinking": "…" | [parts]}`.
  private static void part(JsonParser json, Chunk chunk, boolean thinking) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      var token = json.nextToken();
      if (field.equals("text") && token == JsonToken.VALUE_STRING) {
        add(json.getText(), chunk, thinking);
      } else if (field.equals("thinking")) {
        content(json, chunk, true);
      } else {
        json.skipChildren();
      }
    }
  }

  private static void add(String words, Chunk chunk, boolean thinking) {
    if (thinking) {
      chunk.addThinking(words);
    } else {
      chunk.addText(words);
    }
  }
}
