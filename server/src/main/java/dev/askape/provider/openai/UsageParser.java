package dev.askape.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.askape.provider.http.Chunk;
import dev.askape.provider.http.ChunkJson;
import java.io.IOException;

/// Reads `usage`: tokens, of them those that were cached (`prompt_tokens_details.cached_tokens`, at
/// DeepSeek `prompt_cache_hit_tokens`) and those of the reasoning
/// (`completion_tokens_details.reasoning_tokens`), and OpenRouter's `cost`.
final class UsageParser {
  private UsageParser() {}

  static void usage(JsonParser json, Chunk chunk) throws IOException {
    var tokens = chunk.tokens();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      json.nextToken();
      switch (field) {
        case "prompt_tokens" -> tokens.prompt(ChunkJson.count(json));
        case "completion_tokens" -> tokens.completion(ChunkJson.count(json));
        case "cost" -> {
          json.skipChildren();
          tokens.cost(json.getValueAsDouble(-1));
        }
        case "prompt_tokens_details", "completion_tokens_details" ->
            ChunkJson.object(json, chunk, UsageParser::details);
        default -> detail(field, json, chunk);
      }
    }
  }

  private static void details(JsonParser json, Chunk chunk) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      json.nextToken();
      detail(field, json, chunk);
    }
  }

  private static void detail(String field, JsonParser json, Chunk chunk) throws IOException {
    switch (field) {
      case "reasoning_tokens" -> chunk.tokens().reasoning(ChunkJson.count(json));
      case "cached_tokens", "prompt_cache_hit_tokens" ->
          chunk.tokens().cached(ChunkJson.count(json));
      default -> json.skipChildren();
    }
  }
}
