package dev.askape.provider.ollama;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.askape.provider.http.Chunk;
import dev.askape.provider.http.ChunkJson;
import java.io.IOException;

/// Reads one line of a chat: `message.content`, `message.thinking`; the last line has `done: true`
/// with `done_reason` and the counts, an error is `{"error": "…"}`. What a prompt had in common
/// with the one before it may be left out of `prompt_eval_count`.
final class LineParser {
  private LineParser() {}

  static void root(JsonParser json, Chunk chunk) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      var token = json.nextToken();
      switch (field) {
        case "message" -> {
          if (token == JsonToken.START_OBJECT) {
            message(json, chunk);
          } else {
            chunk.errors().take(field, json);
          }
        }
        case "done" -> {
          if (token == JsonToken.VALUE_TRUE) {
            chunk.end();
          }
          json.skipChildren();
        }
        case "done_reason" -> chunk.finish(ChunkJson.textOnly(json));
        case "prompt_eval_count" -> chunk.tokens().prompt(ChunkJson.count(json));
        case "eval_count" -> chunk.tokens().completion(ChunkJson.count(json));
        default -> {
          if (!chunk.errors().take(field, json)) {
            json.skipChildren();
          }
        }
      }
    }
    chunk.errors().endObject(false);
  }

  private static void message(JsonParser json, Chunk chunk) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      json.nextToken();
      switch (field) {
        case "content" -> chunk.addText(ChunkJson.textOnly(json));
        case "thinking" -> chunk.addThinking(ChunkJson.textOnly(json));
        default -> json.skipChildren();
      }
    }
  }
}
