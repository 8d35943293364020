package dev.askape.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askape.chat.Refusal;
import dev.askape.http.HttpReply;
import dev.askape.json.ChatJson;

/// Answers of the REST API: `{success: true, …}` or `{success: false, error}`.
final class WebReply {
  private static final ObjectMapper JSON = new ObjectMapper();

  private WebReply() {}

  static HttpReply ok(ObjectNode fields) {
    var body = ChatJson.object().put("success", true);
    body.setAll(fields);
    return json(200, body);
  }

  static HttpReply error(int status, String error) {
    return json(status, ChatJson.object().put("success", false).put("error", error));
  }

  /// What is not the asker's looks like what is not there.
  static HttpReply refused(Refusal why) {
    return switch (why) {
      case Refusal.Forbidden _, Refusal.NotFound _ -> error(404, "Not found.");
      case Refusal.Busy _ -> error(503, "Too much is running right now. Try again in a moment.");
      case Refusal.RateLimited _ -> error(429, "Too many requests. Try again in a moment.");
      case Refusal.ShuttingDown _ -> error(503, "The server is about to restart.");
      case Refusal.NoModel _ -> error(400, "No model is asked by default here: name some.");
      case Refusal.BudgetExceeded _ -> error(402, "This would use more than your budget allows.");
      case Refusal.NotSaved _ -> error(503, "It could not be stored. Try again.");
    };
  }

  private static HttpReply json(int status, ObjectNode body) {
    try {
      return HttpReply.json(status, JSON.writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // a tree can always be written
    }
  }
}
