package dev.askape.provider.gemini;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.askape.provider.http.ApiError;
import dev.askape.provider.http.Chunk;
import dev.askape.provider.http.ChunkJson;
import java.io.IOException;

/// Reads one `GenerateContentResponse` of a stream.
///
/// Only the first candidate counts. Its parts are text, or thoughts where `thought` is true. Usage
/// is repeated from response to response and the last one counts; `candidatesTokenCount` does not
/// include `thoughtsTokenCount`. A prompt that was blocked has no candidates, only a `blockReason`:
/// an error, since nothing was answered.
final class ResponseParser {
  private ResponseParser() {}

  static void root(JsonParser json, Chunk chunk) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      json.nextToken();
      switch (field) {
        case "candidates" -> ChunkJson.first(json, chunk, ResponseParser::candidate);
        case "usageMetadata" -> ChunkJson.object(json, chunk, ResponseParser::usage);
        case "promptFeedback" -> ChunkJson.object(json, chunk, ResponseParser::feedback);
        default -> {
          if (!chunk.errors().take(field, json)) {
            json.skipChildren();
          }
        }
      }
    }
    chunk.errors().endObject(false);
  }

  private static void candidate(JsonParser json, Chunk chunk) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      json.nextToken();
      switch (field) {
        case "content" -> ChunkJson.object(json, chunk, ResponseParser::content);
        case "finishReason" -> chunk.finish(ChunkJson.textOnly(json));
        default -> json.skipChildren();
      }
    }
  }

  private static void content(JsonParser json, Chunk chunk) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      json.nextToken();
      if (field.equals("parts")) {
        ChunkJson.objects(json, chunk, ResponseParser::part);
      } else {
        json.skipChildren();
      }
    }
  }

  private static void part(JsonParser json, Chunk chunk) throws IOException {
    String text = "";
    boolean thought = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      var token = json.nextToken();
      switch (field) {
        case "text" -> text = ChunkJson.textOnly(json);
        case "thought" -> thought = token == JsonToken.VALUE_TRUE;
        default -> json.skipChildren();
      }
    }
    if (thought) {
      chunk.addThinking(text);
    } else {
      chunk.addText(text);
    }
  }

  private static void usage(JsonParser json, Chunk chunk) throws IOException {
    long candidates = -1;
    long thoughts = -1;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      json.nextToken();
      switch (field) {
        case "promptTokenCount" -> chunk.tokens().prompt(ChunkJson.count(json));
        case "cachedContentTokenCount" -> chunk.tokens().cached(ChunkJson.count(json));
        case "candidatesTokenCount" -> candidates = ChunkJson.count(json);
        case "thoughtsTokenCount" -> thoughts = ChunkJson.count(json);
        default -> json.skipChildren();
      }
    }
    chunk.tokens().reasoning(thoughts);
    if (candidates >= 0 || thoughts >= 0) {
      chunk.tokens().completion(Math.max(0, candidates) + Math.max(0, thoughts));
    }
  }

  private static void feedback(JsonParser json, Chunk chunk) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var field = json.currentName();
      json.nextToken();
      var reason = field.equals("blockReason") ? ChunkJson.text(json) : "";
      json.skipChildren();
      if (!reason.isEmpty()) {
        chunk.errors().set(new ApiError("the prompt was blocked", "content_filter", reason));
      }
    }
  }
}
