package dev.askape.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askape.chat.ClientMessageId;
import dev.askape.chat.MessageId;
import dev.askape.chat.ModelId;
import dev.askape.chat.SessionId;
import dev.askape.chat.WellFormed;
import dev.askape.identity.Ids;
import dev.askape.identity.ShownIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Decodes what clients send: the only place where their JSON is looked at. Stateless.
final class ClientEvents {
  private static final int LONGEST_MODEL_ID = 256;
  private static final int MOST_CURSORS = 256;
  private static final String ID_FORM = "a string of 1 to 128 of A-Z a-z 0-9 . _ : @ -";

  private final GatewaySettings settings;

  ClientEvents(GatewaySettings settings) {
    this.settings = settings;
  }

  /// An event as far as it could be read.
  sealed interface Decoded {
    record Valid(ClientEvent event) implements Decoded {}

    record Invalid(Problem problem) implements Decoded {}
  }

  /// Ends the decoding of one event.
  private static final class InvalidField extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Problem problem;

    InvalidField(Problem problem) {
      super(problem.message(), null, false, false);
      this.problem = problem;
    }
  }

  Decoded decode(String event, List<JsonNode> args) {
    var payload = args.isEmpty() ? null : args.getFirst();
    try {
      if (event.equals("leave_session") && payload != null && payload.isTextual()) {
        return new Decoded.Valid(
            new ClientEvent.LeaveSession(new SessionId(id(payload, "sessionId"))));
      }
      if (!isKnown(event)) {
        throw invalid(Problem.of(ErrorCode.BAD_REQUEST, "There is no such event."));
      }
      if (payload == null || !payload.isObject()) {
        throw invalid(
            Problem.of(ErrorCode.BAD_REQUEST, "The event needs an object as its argument."));
      }
      return new Decoded.Valid(decodeKnown(event, payload));
    } catch (InvalidField e) {
      return new Decoded.Invalid(e.problem.about(payload));
    }
  }

  private static boolean isKnown(String event) {
    return switch (event) {
      case "join_session",
          "message",
          "leave_session",
          "fetch_history",
          "stop",
          "typing_start",
          "typing_stop",
          "input_change" ->
          true;
      default -> false;
    };
  }

  private ClientEvent decodeKnown(String event, JsonNode payload) {
    var session = new SessionId(id(payload.get("sessionId"), "sessionId"));
    var shown = new ShownIds(optionalId(payload, "userId"), optionalId(payload, "guestId"));
    return switch (event) {
      case "join_session" -> {
        var stream = stream(payload);
        yield new ClientEvent.JoinSession(session, shown, stream, cursors(payload, stream));
      }
      case "message" -> message(session, shown, payload);
      case "leave_session" -> new ClientEvent.LeaveSession(session);
      case "fetch_history" ->
          new ClientEvent.FetchHistory(
              session,
              shown,
              new MessageId(id(payload.get("beforeId"), "beforeId")),
              limit(payload));
      case "stop" ->
          new ClientEvent.StopAnswers(
              session,
              shown,
              new MessageId(id(payload.get("messageId"), "messageId")),
              isAbsent(payload.get("modelId"))
                  ? Optional.empty()
                  : Optional.of(modelId(payload.get("modelId"), "modelId")));
      case "typing_start" -> typing(session, ClientEvent.Typing.Kind.START);
      case "typing_stop" -> typing(session, ClientEvent.Typing.Kind.STOP);
      case "input_change" ->
          new ClientEvent.Typing(
              session,
              ClientEvent.Typing.Kind.DRAFT,
              Optional.of(text(payload.get("content"), "content", _ -> true)));
      default -> throw new IllegalStateException(event);
    };
  }

  private static ClientEvent typing(SessionId session, ClientEvent.Typing.Kind kind) {
    return new ClientEvent.Typing(session, kind, Optional.empty());
  }

  private ClientEvent message(SessionId session, ShownIds shown, JsonNode payload) {
    var text = text(payload.get("message"), "message", message -> !message.isBlank());
    oneOf(payload, "context", List.of("own", "picked"));
    return new ClientEvent.SendMessage(
        session,
        shown,
        text,
        modelIds(payload.get("modelIds")),
        optionalId(payload, "clientMessageId").map(ClientMessageId::new));
  }

  private String text(@Nullable JsonNode value, String field, Predicate<String> allowed) {
    if (value == null || !value.isTextual() || !allowed.test(value.textValue())) {
      throw badField(field, field.equals("message") ? "a string that is not blank" : "a string");
    }
    if (value.textValue().length() > settings.messageCharacters()) {
      throw invalid(
          Problem.of(
                  ErrorCode.PAYLOAD_TOO_LARGE,
                  "`" + field + "` is longer than " + settings.messageCharacters() + " characters.")
              .in(field));
    }
    return WellFormed.text(value.textValue());
  }

  private List<ModelId> modelIds(@Nullable JsonNode value) {
    if (value == null || value.isNull()) {
      return List.of();
    }
    if (!value.isArray()) {
      throw badField("modelIds", "an array of model ids");
    }
    var ids = new LinkedHashSet<ModelId>();
    for (var element : value) {
      ids.add(modelId(element, "modelIds"));
      if (ids.size() > settings.modelsPerTurn()) {
        throw badField("modelIds", "at most " + settings.modelsPerTurn() + " model ids");
      }
    }
    return new ArrayList<>(ids);
  }

  private static ModelId modelId(JsonNode value, String field) {
    if (value.isTextual()) {
      var id = value.textValue();
      if (!id.isEmpty()
          && id.length() <= LONGEST_MODEL_ID
          && id.codePoints().allMatch(ClientEvents::isPrintable)) {
        return new ModelId(id);
      }
    }
    throw badField(field, "made of model ids: strings of 1 to 256 printable characters");
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static StreamMode stream(JsonNode payload) {
    return oneOf(payload, "stream", List.of("full", "delta"))
        .filter("delta"::equals)
        .map(_ -> StreamMode.DELTA)
        .orElse(StreamMode.FULL);
  }

  private static Map<String, Integer> cursors(JsonNode payload, StreamMode stream) {
    var value = payload.get("cursors");
    if (isAbsent(value)) {
      return Map.of();
    }
    if (!value.isObject() || value.size() > MOST_CURSORS) {
      throw badField("cursors", "an object of at most " + MOST_CURSORS + " answer ids and offsets");
    }
    var cursors = new HashMap<String, Integer>();
    for (var entry : value.properties()) {
      if (!entry.getValue().isNumber()) {
        throw badField("cursors", "an object of answer ids and offsets");
      }
      boolean offset = entry.getValue().canConvertToInt() && entry.getValue().intValue() >= 0;
      cursors.put(entry.getKey(), offset ? entry.getValue().intValue() : 0);
    }
    return stream == StreamMode.DELTA ? cursors : Map.of();
  }

  private int limit(JsonNode payload) {
    var value = payload.get("limit");
    if (isAbsent(value)) {
      return settings.historyPage();
    }
    if (!value.isIntegralNumber()) {
      throw badField("limit", "a whole number");
    }
    long asked =
        value.canConvertToLong() ? value.longValue() : value.bigIntegerValue().signum() * 1_000L;
    return Math.toIntExact(Math.clamp(asked, 1, settings.historyPageMax()));
  }

  private static Optional<String> oneOf(JsonNode payload, String field, List<String> allowed) {
    var value = payload.get(field);
    if (isAbsent(value)) {
      return Optional.empty();
    }
    if (!value.isTextual() || !allowed.contains(value.textValue())) {
      throw badField(field, "one of " + String.join(", ", allowed));
    }
    return Optional.of(value.textValue());
  }

  private static Optional<String> optionalId(JsonNode payload, String field) {
    var value = payload.get(field);
    return isAbsent(value) ? Optional.empty() : Optional.of(id(value, field));
  }

  private static String id(@Nullable JsonNode value, String field) {
    if (value == null || !value.isTextual() || !Ids.isValid(value.textValue())) {
      throw badField(field, ID_FORM);
    }
    return value.textValue();
  }

  private static boolean isAbsent(@Nullable JsonNode value) {
    return value == null || value.isNull();
  }

  private static InvalidField badField(String field, String form) {
    return invalid(
        Problem.of(ErrorCode.BAD_REQUEST, "`" + field + "` must be " + form + ".").in(field));
  }

  private static InvalidField invalid(Problem problem) {
    return new InvalidField(problem);
  }
}
