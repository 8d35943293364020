package dev.askape.provider.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Prompt;
import dev.askape.provider.http.Dialogue;
import dev.askape.provider.http.JsonBody;
import dev.askape.provider.http.PathSegment;
import dev.askape.provider.http.RequestForm;
import dev.askape.provider.http.ThinkingBudget;
import java.io.IOException;

/// A request for content.
///
/// Only where a reasoning effort is configured anything is said about thinking, because not every
/// model takes it. `maxOutputTokens` bounds thoughts and answer together; of a configured one, at
/// most half is for thoughts.
///
/// @param model with or without `models/`; `tunedModels/…` is told apart
record GeminiForm(String model) implements RequestForm {
  private static final String TUNED = "tunedModels/";

  @Override
  public String path() {
    var folder = model.startsWith(TUNED) ? TUNED : GeminiDialect.MODELS;
    var name = model.startsWith(folder) ? model.substring(folder.length()) : model;
    return "/" + folder + PathSegment.encode(name) + ":streamGenerateContent?alt=sse";
  }

  @Override
  public byte[] body(Prompt prompt) {
    var dialogue = Dialogue.of(prompt);
    return JsonBody.of(json -> {
      if (!dialogue.system().isEmpty()) {
        json.writeObjectFieldStart("systemInstruction");
        writeParts(json, dialogue.system());
        json.writeEndObject();
      }
      json.writeArrayFieldStart("contents");
      for (var message : dialogue.messages()) {
        json.writeStartObject();
        json.writeStringField("role", message.role() == Prompt.Role.ASSISTANT ? "model" : "user");
        writeParts(json, message.content());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeObjectFieldStart("generationConfig");
      writeParameters(json, prompt.parameters());
      json.writeEndObject();
    });
  }

  private static void writeParts(JsonGenerator json, String text) throws IOException {
    json.writeArrayFieldStart("parts");
    json.writeStartObject();
    JsonBody.text(json, "text", text);
    json.writeEndObject();
    json.writeEndArray();
  }

  private static void writeParameters(JsonGenerator json, ModelParameters parameters)
      throws IOException {
    if (parameters.temperature().isPresent()) {
      json.writeNumberField("temperature", parameters.temperature().getAsDouble());
    }
    if (parameters.maxTokens().isPresent()) {
      json.writeNumberField("maxOutputTokens", parameters.maxTokens().getAsInt());
    }
    JsonBody.texts(json, "stopSequences", parameters.stop());
    if (parameters.reasoningEffort().isPresent()) {
      int wanted = ThinkingBudget.of(parameters.reasoningEffort().get());
      int budget =
          parameters.maxTokens().isPresent()
              ? Math.min(wanted, parameters.maxTokens().getAsInt() / 2)
              : wanted;
      json.writeObjectFieldStart("thinkingConfig");
      json.writeBooleanField("includeThoughts", budget > 0);
      json.writeNumberField("thinkingBudget", budget);
      json.writeEndObject();
    }
  }
}
