package dev.askape.provider.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Prompt;
import dev.askape.provider.http.JsonBody;
import dev.askape.provider.http.Refusal;
import dev.askape.provider.http.RequestForm;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/// How a server wants its requests, as far as servers differ.
///
/// @param streamOptions whether it takes `stream_options` (without it, it may not report usage)
/// @param maxCompletionTokens whether the limit is called `max_completion_tokens`, as OpenAI's
///   reasoning models want it, instead of `max_tokens`
record OpenAiForm(OpenAiRequests requests, boolean streamOptions, boolean maxCompletionTokens)
    implements RequestForm {
  @Override
  public String path() {
    return "/chat/completions";
  }

  @Override
  public Optional<RequestForm> after(Refusal refusal) {
    if (streamOptions && refusal.names("stream_options")) {
      requests.withoutStreamOptions();
      return Optional.of(new OpenAiForm(requests, false, maxCompletionTokens));
    }
    if (!maxCompletionTokens && refusal.names("max_completion_tokens")) {
      requests.withMaxCompletionTokens();
      return Optional.of(new OpenAiForm(requests, streamOptions, true));
    }
    return Optional.empty();
  }

  @Override
  public byte[] body(Prompt prompt) {
    return JsonBody.of(json -> {
      json.writeStringField("model", requests.model());
      json.writeArrayFieldStart("messages");
      for (var message : prompt.messages()) {
        json.writeStartObject();
        json.writeStringField("role", message.role().name().toLowerCase(Locale.ROOT));
        JsonBody.text(json, "content", message.content());
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
    });
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
    JsonBody.texts(json, "stop", parameters.stop());
    if (parameters.reasoningEffort().isPresent()) {
      JsonBody.text(json, "reasoning_effort", parameters.reasoningEffort().get());
    }
  }
}
