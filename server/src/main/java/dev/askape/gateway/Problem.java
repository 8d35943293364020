package dev.askape.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askape.chat.Refusal;
import dev.askape.chat.SessionId;
import dev.askape.identity.Ids;
import dev.askape.json.ChatJson;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Why an event of a client was refused, as the client hears of it: to its callback, else as an
/// `error`.
record Problem(
    ErrorCode code,
    String message,
    Optional<String> field,
    Optional<String> sessionId,
    Optional<String> clientMessageId,
    OptionalLong retryAfterMs,
    Optional<String> errorId) {

  static Problem of(ErrorCode code) {
    return of(code, code.sentence());
  }

  static Problem of(ErrorCode code, String message) {
    return new Problem(
        code,
        message,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty());
  }

  static Problem internal(String errorId) {
    var code = ErrorCode.INTERNAL;
    return new Problem(
        code,
        code.sentence(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.of(errorId));
  }

  static Problem of(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Forbidden _ -> of(ErrorCode.FORBIDDEN);
      case Refusal.NotFound _ -> of(ErrorCode.NOT_FOUND);
      case Refusal.Busy _ -> of(ErrorCode.BUSY);
      case Refusal.RateLimited(var wait) -> rateLimited(wait.toMillis());
      case Refusal.ShuttingDown _ -> of(ErrorCode.SHUTTING_DOWN);
      case Refusal.NotSaved _ -> of(ErrorCode.SAVE_ERROR);
      case Refusal.BudgetExceeded _ -> of(ErrorCode.BUDGET_EXCEEDED);
      case Refusal.NoModel _ ->
          of(ErrorCode.BAD_REQUEST, "No model is asked by default here: name some.").in("modelIds");
    };
  }

  static Problem rateLimited(long retryAfterMs) {
    var code = ErrorCode.RATE_LIMITED;
    return new Problem(
        code,
        code.sentence(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.of(retryAfterMs),
        Optional.empty());
  }

  Problem in(String field) {
    return new Problem(
        code, message, Optional.of(field), sessionId, clientMessageId, retryAfterMs, errorId);
  }

  /// With what can be told of the event's payload, so that the client finds what it is about.
  Problem about(@Nullable JsonNode payload) {
    return new Problem(
        code,
        message,
        field,
        idIn(payload, "sessionId"),
        idIn(payload, "clientMessageId"),
        retryAfterMs,
        errorId);
  }

  Problem about(SessionId session) {
    return new Problem(
        code, message, field, Optional.of(session.value()), clientMessageId, retryAfterMs, errorId);
  }

  Problem about(ClientEvent event) {
    var message =
        event instanceof ClientEvent.SendMessage sent
            ? sent.clientMessageId()
            : Optional.<dev.askape.chat.ClientMessageId>empty();
    return new Problem(
        code,
        this.message,
        field,
        Optional.of(event.sessionId().value()),
        message.map(dev.askape.chat.ClientMessageId::value),
        retryAfterMs,
        errorId);
  }

  private static Optional<String> idIn(@Nullable JsonNode payload, String field) {
    var value = payload == null || !payload.isObject() ? null : payload.get(field);
    return value != null && value.isTextual() && Ids.isValid(value.textValue())
        ? Optional.of(value.textValue())
        : Optional.empty();
  }

  /// The `error` event, or the `error` of a failed callback.
  ObjectNode toJson(String event) {
    var json =
        ChatJson.object()
            .put("type", ChatJson.word(code))
            .put("message", message)
            .put("event", event);
    field.ifPresent(name -> json.put("field", name));
    sessionId.ifPresent(id -> json.put("sessionId", id));
    clientMessageId.ifPresent(id -> json.put("clientMessageId", id));
    retryAfterMs.ifPresent(ms -> json.put("retryAfterMs", ms));
    errorId.ifPresent(id -> json.put("errorId", id));
    return json;
  }
}
