package dev.askape.provider.ollama;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Prompt;
import dev.askape.provider.http.JsonBody;
import dev.askape.provider.http.Refusal;
import dev.askape.provider.http.RequestForm;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/// A request for an answer.
///
/// Most models can only be told to think or not to think, few take a level, some refuse to be told
/// anything about it.
record OllamaForm(OllamaRequests requests, Think think) implements RequestForm {
  /// How a reasoning effort is sent.
  enum Think {
    LEVEL,
    SWITCH,
    NOTHING
  }

  @Override
  public String path() {
    return "/api/chat";
  }

  @Override
  public Optional<RequestForm> after(Refusal refusal) {
    if (think == Think.LEVEL && refusal.names("think value")) {
      return Optional.of(with(Think.SWITCH));
    }
    if (think != Think.NOTHING && refusal.names("does not support thinking")) {
      return Optional.of(with(Think.NOTHING));
    }
    return Optional.empty();
  }

  private OllamaForm with(Think wanted) {
    requests.learn(wanted);
    return new OllamaForm(requests, wanted);
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
      if (prompt.parameters().reasoningEffort().isPresent()) {
        writeThink(json, prompt.parameters().reasoningEffort().get());
      }
      writeOptions(json, prompt.parameters());
    });
  }

  private void writeThink(JsonGenerator json, String effort) throws IOException {
    var word = effort.strip().toLowerCase(Locale.ROOT);
    boolean off = word.equals("none") || word.equals("off") || word.equals("false");
    switch (think) {
      case LEVEL -> {
        if (off || !(word.equals("low") || word.equals("medium") || word.equals("high"))) {
          json.writeBooleanField("think", !off);
        } else {
          json.writeStringField("think", word);
        }
      }
      case SWITCH -> json.writeBooleanField("think", !off);
      case NOTHING -> {}
    }
  }

  private void writeOptions(JsonGenerator json, ModelParameters parameters) throws IOException {
    json.writeObjectFieldStart("options");
    if (parameters.temperature().isPresent()) {
      json.writeNumberField("temperature", parameters.temperature().getAsDouble());
    }
    if (parameters.maxTokens().isPresent()) {
      json.writeNumberField("num_predict", parameters.maxTokens().getAsInt());
    }
    JsonBody.texts(json, "stop", parameters.stop());
    if (requests.contextWindow().isPresent()) {
      json.writeNumberField("num_ctx", requests.contextWindow().getAsInt());
    }
    json.writeEndObject();
  }
}
