package dev.askape.provider.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Prompt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;

/// How a server wants its requests, as far as servers differ; learnt from what it refuses.
/// Immutable.
///
/// @param streamOptions whether it takes `stream_options` (without it, it may not report usage)
/// @param maxCompletionTokens whether the limit is called `max_completion_tokens`, as OpenAI's
///   reasoning models want it, instead of `max_tokens`
record RequestForm(boolean streamOptions, boolean maxCompletionTokens) {
  static final RequestForm USUAL = new RequestForm(true, false);

  private static final JsonFactory JSON = new JsonFactory();

  /// What to try instead after this refusal; empty when the form was not the reason.
  Optional<RequestForm> after(Refusal refusal) {
    if (streamOptions && refusal.names("stream_options")) {
      return Optional.of(new RequestForm(false, maxCompletionTokens));
    }
    if (!maxCompletionTokens && refusal.names("max_completion_tokens")) {
      return Optional.of(new RequestForm(streamOptions, true));
    }
    return Optional.empty();
  }

  /// The body of the request, as JSON in UTF-8.
  byte[] write(String model, Prompt prompt) {
    var bytes = new ByteArrayOutputStream(1_024);
    try (var json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("model", model);
      json.writeArrayFieldStart("messages");
      for (var message : prompt.messages()) {
        json.writeStartObject();
        json.writeStringField("role", message.role().name().toLowerCase(Locale.ROOT));
        json.writeStringField("content", wellFormed(message.content()));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeBooleanField("stream", true);
      if (streamOptions) {
        json.writeObjectFieldStart("stream_options");
        json.writeBooleanField("include_usage", true);
        json.writeEndObject();
      }
      writeParameters(json, prompt.parameters());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void writeParameters(JsonGenerator json, ModelParameters parameters) throws IOException {
    if (parameters.temperature().isPresent()) {
      json.writeNumberField("temperature", parameters.temperature().getAsDouble());
    }
    if (parameters.maxTokens().isPresent()) {
      json.writeNumberField(
          maxCompletionTokens ? "max_completion_tokens" : "max_tokens",
          parameters.maxTokens().getAsInt());
    }
    if (!parameters.stop().isEmpty()) {
      json.writeArrayFieldStart("stop");
      for (var stop : parameters.stop()) {
        json.writeString(wellFormed(stop));
      }
      json.writeEndArray();
    }
    if (parameters.reasoningEffort().isPresent()) {
      json.writeStringField("reasoning_effort", parameters.reasoningEffort().get());
    }
  }

  /// Lone surrogates cannot be written as UTF-8.
  private static String wellFormed(String text) {
    if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
      return text;
    }
    var repaired = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
        .forEach(repaired::appendCodePoint);
    return repaired.toString();
  }
}
