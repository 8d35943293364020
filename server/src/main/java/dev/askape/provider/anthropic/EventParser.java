package dev.askape.provider.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.askape.provider.http.Chunk;
import dev.askape.provider.http.ChunkJson;
import java.io.IOException;

/// Reads one event of a message stream, or a whole message that came in place of a stream.
///
/// Text and thinking come in `content_block_start` and `content_block_delta`; the end is
/// `message_delta` with its `stop_reason`, then `message_stop`. Signatures, citations, calls of
/// tools and `ping` say nothing here.
final class EventParser {
  private static final String LAST = "message_stop";

  private EventParser() {}

  static void root(JsonParser json, Chunk chunk) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      var token = json.nextToken();
      switch (field) {
        case "type" -> {
          if (token == JsonToken.VALUE_STRING && json.getText().equals(LAST)) {
            chunk.end();
          } else {
            chunk.errors().take(field, json);
          }
        }
        case "delta", "content_block" -> ChunkJson.object(json, chunk, EventParser::block);
        case "content" -> ChunkJson.objects(json, chunk, EventParser::block);
        case "stop_reason" -> chunk.finish(ChunkJson.textOnly(json));
        case "usage" -> ChunkJson.object(json, chunk, EventParser::usage);
        case "message" -> message(json, chunk);
        default -> {
          if (!chunk.errors().take(field, json)) {
            json.skipChildren();
          }
        }
      }
    }
    chunk.errors().endObject(false);
  }

  /// The beginning of a message; as a text it would be that of an error.
  private static void message(JsonParser json, Chunk chunk) throws IOException {
    if (json.currentToken() == JsonToken.START_OBJECT) {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        var field = json.currentName();
        json.nextToken();
        if (field.equals("usage")) {
          ChunkJson.object(json, chunk, EventParser::usage);
        } else {
          json.skipChildren();
        }
      }
    } else {
      chunk.errors().take("message", json);
    }
  }

  private static void block(JsonParser json, Chunk chunk) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      json.nextToken();
      switch (field) {
        case "text" -> chunk.addText(ChunkJson.textOnly(json));
        case "thinking" -> chunk.addThinking(ChunkJson.textOnly(json));
        case "stop_reason" -> chunk.finish(ChunkJson.textOnly(json));
        default -> json.skipChildren();
      }
    }
  }

  /// What was read from and written to the cache is not in `input_tokens`. Later reports may leave
  /// out some of the three, and then tell less than was known.
  private static void usage(JsonParser json, Chunk chunk) throws IOException {
    long prompt = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      json.nextToken();
      switch (field) {
        case "output_tokens" -> chunk.tokens().completion(ChunkJson.count(json));
        case "input_tokens", "cache_creation_input_tokens" ->
            prompt += Math.max(0, ChunkJson.count(json));
        case "cache_read_input_tokens" -> {
          long cached = ChunkJson.count(json);
          chunk.tokens().cached(cached);
          prompt += Math.max(0, cached);
        }
        default -> json.skipChildren();
      }
    }
    if (prompt > chunk.tokens().prompt()) {
      chunk.tokens().prompt(prompt);
    }
  }
}
