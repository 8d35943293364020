package dev.askape.provider.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Prompt;
import dev.askape.provider.http.Dialogue;
import dev.askape.provider.http.JsonBody;
import dev.askape.provider.http.Refusal;
import dev.askape.provider.http.RequestForm;
import dev.askape.provider.http.ThinkingBudget;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/// A request for a message.
///
/// The API wants `max_tokens`; where none is configured it is [#USUAL_MAX_TOKENS], and with
/// thinking so much more than the thinking may take. A configured one is never exceeded: it bounds
/// thinking and answer together, and where it leaves no room for the least thinking there is none.
/// A request with thinking has no temperature, which the API would refuse.
///
/// @param adaptive whether the model only knows thinking that it measures out itself, as newer ones
///   do, instead of a budget
record AnthropicForm(AnthropicRequests requests, boolean adaptive) implements RequestForm {
  static final int USUAL_MAX_TOKENS = 8_192;
  private static final int LEAST_THINKING = 1_024;

  @Override
  public String path() {
    return "/messages";
  }

  @Override
  public Optional<RequestForm> after(Refusal refusal) {
    if (!adaptive && refusal.names("adaptive")) {
      requests.withAdaptiveThinking();
      return Optional.of(new AnthropicForm(requests, true));
    }
    return Optional.empty();
  }

  @Override
  public byte[] body(Prompt prompt) {
    var dialogue = Dialogue.of(prompt);
    var parameters = prompt.parameters();
    int thinking = thinking(parameters);
    return JsonBody.of(json -> {
      json.writeStringField("model", requests.model());
      json.writeNumberField(
          "max_tokens", parameters.maxTokens().orElse(USUAL_MAX_TOKENS + thinking));
      if (!dialogue.system().isEmpty()) {
        JsonBody.text(json, "system", dialogue.system());
      }
      json.writeArrayFieldStart("messages");
      for (var message : dialogue.messages()) {
        json.writeStartObject();
        json.writeStringField("role", message.role().name().toLowerCase(Locale.ROOT));
        JsonBody.text(json, "content", message.content());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeBooleanField("stream", true);
      JsonBody.texts(json, "stop_sequences", parameters.stop());
      if (thinking > 0) {
        writeThinking(json, thinking, parameters);
      } else if (parameters.temperature().isPresent()) {
        json.writeNumberField("temperature", parameters.temperature().getAsDouble());
      }
    });
  }

  /// Tokens of thinking; 0 for none.
  private static int thinking(ModelParameters parameters) {
    int wanted = parameters.reasoningEffort().map(ThinkingBudget::of).orElse(0);
    if (wanted == 0) {
      return 0;
    }
    int most = parameters.maxTokens().isPresent() ? parameters.maxTokens().getAsInt() / 2 : wanted;
    int budget = Math.min(Math.max(wanted, LEAST_THINKING), Math.max(most, LEAST_THINKING));
    boolean fits = budget < parameters.maxTokens().orElse(Integer.MAX_VALUE);
    return fits ? budget : 0;
  }

  private void writeThinking(JsonGenerator json, int budget, ModelParameters parameters)
      throws IOException {
    json.writeObjectFieldStart("thinking");
    if (adaptive) {
      json.writeStringField("type", "adaptive");
      json.writeStringField("display", "summarized");
    } else {
      json.writeStringField("type", "enabled");
      json.writeNumberField("budget_tokens", budget);
    }
    json.writeEndObject();
    if (adaptive) {
      json.writeObjectFieldStart("output_config");
      json.writeStringField("effort", effort(parameters.reasoningEffort().orElse("")));
      json.writeEndObject();
    }
  }

  private static String effort(String word) {
    return switch (word.strip().toLowerCase(Locale.ROOT)) {
      case "minimal", "low" -> "low";
      case "high" -> "high";
      case "xhigh", "max" -> "max";
      default -> "medium";
    };
  }
}
