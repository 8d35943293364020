package dev.askape.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askape.chat.ClientMessageId;
import dev.askape.chat.MessageId;
import dev.askape.chat.ModelId;
import dev.askape.chat.SessionId;
import dev.askape.identity.ShownIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientEventsTest {
  private static final SessionId S = new SessionId("s-1");
  private static final String LONG_ID = "x".repeat(129);

  /// Everything that is no id.
  private static final List<String> NO_IDS =
      List.of(
          "5",
          "true",
          "[]",
          "{}",
          "[\"a\"]",
          "\"\"",
          "\" \"",
          "\"a b\"",
          "\"é\"",
          "\"a/b\"",
          "\"a\\u0000\"",
          "\"a\\n\"",
          "\"<a>\"",
          "\"\\ud83d\\ude00\"",
          '"' + LONG_ID + '"');

  private static final Map<String, String> VALID =
      Map.of(
          "join_session", "{\"sessionId\":\"s-1\"}",
          "message", "{\"sessionId\":\"s-1\",\"message\":\"hello\"}",
          "leave_session", "{\"sessionId\":\"s-1\"}",
          "fetch_history", "{\"sessionId\":\"s-1\",\"beforeId\":\"m-1\"}",
          "stop", "{\"sessionId\":\"s-1\",\"messageId\":\"m-1\"}",
          "typing_start", "{\"sessionId\":\"s-1\"}",
          "typing_stop", "{\"sessionId\":\"s-1\"}",
          "input_change", "{\"sessionId\":\"s-1\",\"content\":\"hel\"}");

  private static String example(String event) {
    return Optional.ofNullable(VALID.get(event)).orElseThrow();
  }

  private final ClientEvents events = new ClientEvents(GatewaySettings.defaults());

  private ClientEvent valid(String event, String payload) {
    var decoded = events.decode(event, List.of(Sent.parsed(payload)));
    assertThat(decoded).isInstanceOf(ClientEvents.Decoded.Valid.class);
    return ((ClientEvents.Decoded.Valid) decoded).event();
  }

  private Problem invalid(String event, List<JsonNode> args) {
    var decoded = events.decode(event, args);
    assertThat(decoded).as("%s %s", event, args).isInstanceOf(ClientEvents.Decoded.Invalid.class);
    return ((ClientEvents.Decoded.Invalid) decoded).problem();
  }

  private Problem invalid(String event, String payload) {
    return invalid(event, List.of(Sent.parsed(payload)));
  }

  private static String with(String event, String field, String json) {
    var payload = (ObjectNode) Sent.parsed(example(event));
    payload.set(field, Sent.parsed(json));
    return payload.toString();
  }

  private static String without(String event, String field) {
    var payload = (ObjectNode) Sent.parsed(example(event));
    payload.remove(field);
    return payload.toString();
  }

  static List<Arguments> badFields() {
    var all = new ArrayList<Arguments>();
    for (var event : VALID.keySet()) {
      NO_IDS.forEach(bad -> all.add(Arguments.of(event, "sessionId", bad)));
      all.add(Arguments.of(event, "sessionId", "null"));
      NO_IDS.forEach(bad -> all.add(Arguments.of(event, "userId", bad)));
      NO_IDS.forEach(bad -> all.add(Arguments.of(event, "guestId", bad)));
    }
    NO_IDS.forEach(bad -> all.add(Arguments.of("message", "clientMessageId", bad)));
    Stream.concat(NO_IDS.stream(), Stream.of("null"))
        .forEach(bad -> {
          all.add(Arguments.of("fetch_history", "beforeId", bad));
          all.add(Arguments.of("stop", "messageId", bad));
        });
    for (var bad : List.of("5", "null", "true", "[]", "{}", "\"\"", "\" \\n\\t \"")) {
      all.add(Arguments.of("message", "message", bad));
    }
    for (var bad : List.of("5", "null", "[]", "{}", "false")) {
      all.add(Arguments.of("input_change", "content", bad));
    }
    var model = '"' + "m".repeat(257) + '"';
    for (var bad :
        List.of(
            "5",
            "\"m\"",
            "{}",
            "[5]",
            "[null]",
            "[\"\"]",
            "[[]]",
            "[\"a\\u0000\"]",
            "[\"a\\nb\"]",
            "[\"a\\u202eb\"]",
            "[\"\\ud83d\"]",
            "[\"ok\", " + model + "]",
            "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]")) {
      all.add(Arguments.of("message", "modelIds", bad));
    }
    for (var bad : List.of("5", "\"\"", "[]", "{}", model, "\"a\\u0007\"")) {
      all.add(Arguments.of("stop", "modelId", bad));
    }
    for (var bad : List.of("5", "\"\"", "\"Full\"", "[]", "true")) {
      all.add(Arguments.of("join_session", "stream", bad));
      all.add(Arguments.of("message", "context", bad));
    }
    for (var bad : List.of("5", "[]", "\"a\"", "{\"a\":\"5\"}", "{\"a\":null}")) {
      all.add(Arguments.of("join_session", "cursors", bad));
    }
    for (var bad : List.of("\"5\"", "1.5", "[]", "{}", "true")) {
      all.add(Arguments.of("fetch_history", "limit", bad));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("badFields")
  void namesTheFieldThatIsBad(String event, String field, String bad) {
    var problem = invalid(event, with(event, field, bad));

    assertThat(problem.code()).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(problem.field()).contains(field);
    assertThat(problem.message()).contains("`" + field + "`");
  }

  @ParameterizedTest
  @CsvSource({
    "join_session, sessionId",
    "message, sessionId",
    "message, message",
    "leave_session, sessionId",
    "fetch_history, sessionId",
    "fetch_history, beforeId",
    "stop, sessionId",
    "stop, messageId",
    "typing_start, sessionId",
    "typing_stop, sessionId",
    "input_change, sessionId",
    "input_change, content",
  })
  void namesTheFieldThatIsMissing(String event, String field) {
    var problem = invalid(event, without(event, field));

    assertThat(problem.code()).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(problem.field()).contains(field);
  }

  static Stream<String> names() {
    return VALID.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void refusesWhatIsNoObject(String event) {
    assertThat(invalid(event, List.of()).code()).isEqualTo(ErrorCode.BAD_REQUEST);
    for (var bad : List.of("5", "true", "[]", "[{\"sessionId\":\"s-1\"}]", "1e400", "null")) {
      var problem = invalid(event, bad);
      assertThat(problem.code()).isEqualTo(ErrorCode.BAD_REQUEST);
      assertThat(problem.field()).isEmpty();
    }
    if (!event.equals("leave_session")) {
      assertThat(invalid(event, "\"s-1\"").code()).isEqualTo(ErrorCode.BAD_REQUEST);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void takesWhatIsValidAndIgnoresWhatItDoesNotKnow(String event) {
    var known = valid(event, example(event));
    assertThat(known.sessionId()).isEqualTo(S);

    assertThat(valid(event, with(event, "token", "{\"what\":[\"ever\"]}"))).isEqualTo(known);
    assertThat(events.decode(event, List.of(Sent.parsed(example(event)), NullNode.instance)))
        .isEqualTo(new ClientEvents.Decoded.Valid(known));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Message", "message ", "disconnect", "session_joined", "\u0000"})
  void refusesEventsThatAreNone(String event) {
    var problem = invalid(event, example("message"));

    assertThat(problem.code()).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(problem.field()).isEmpty();
    assertThat(problem.sessionId()).contains("s-1");
  }

  @Test
  void saysWhichSessionAndMessageAProblemIsAbout() {
    var problem =
        invalid("message", "{\"sessionId\":\"s-1\",\"clientMessageId\":\"c-1\",\"message\":5}");
    assertThat(problem.sessionId()).contains("s-1");
    assertThat(problem.clientMessageId()).contains("c-1");

    var hostile =
        invalid("message", "{\"sessionId\":\"<s>\",\"clientMessageId\":[],\"message\":5}");
    assertThat(hostile.sessionId()).isEmpty();
    assertThat(hostile.clientMessageId()).isEmpty();
  }

  @Test
  void decodesAMessage() {
    var event =
        valid(
            "message",
            """
            {"sessionId": "s-1", "message": " hi\\ud83d ", "modelIds": ["a/b", "c", "a/b"],
             "userId": "anna@x.org", "guestId": "guest_1", "clientMessageId": "c:1",
             "context": "picked"}\
            """);

    assertThat(event)
        .isEqualTo(
            new ClientEvent.SendMessage(
                S,
                new ShownIds(Optional.of("anna@x.org"), Optional.of("guest_1")),
                " hi\uFFFD ",
                List.of(new ModelId("a/b"), new ModelId("c")),
                Optional.of(new ClientMessageId("c:1"))));
  }

  @Test
  void takesNullForAbsentWhereSomethingMayBeAbsent() {
    var event =
        valid(
            "message",
            """
            {"sessionId": "s-1", "message": "hi", "modelIds": null, "userId": null,
             "guestId": null, "clientMessageId": null, "context": null}\
            """);

    assertThat(event)
        .isEqualTo(
            new ClientEvent.SendMessage(S, ShownIds.NONE, "hi", List.of(), Optional.empty()));
    assertThat(valid("join_session", "{\"sessionId\":\"s-1\",\"stream\":null,\"cursors\":null}"))
        .isEqualTo(new ClientEvent.JoinSession(S, ShownIds.NONE, StreamMode.FULL, Map.of()));
  }

  @Test
  void countsRepeatedModelsOnceBeforeTheLimit() {
    var ids = "[\"1\",\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"8\",\"1\"]";

    assertThat(
            ((ClientEvent.SendMessage) valid("message", with("message", "modelIds", ids))).models())
        .hasSize(8);
  }

  @Test
  void takesTextsUpToTheLimit() {
    var longest = '"' + "x".repeat(32_000) + '"';
    var tooLong = '"' + "x".repeat(32_001) + '"';

    valid("message", with("message", "message", longest));
    valid("input_change", with("input_change", "content", longest));
    assertThat(invalid("message", with("message", "message", tooLong)).code())
        .isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
    assertThat(invalid("message", with("message", "message", tooLong)).field()).contains("message");
    assertThat(invalid("input_change", with("input_change", "content", tooLong)).code())
        .isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
  }

  @Test
  void takesIdsUpToTheLimit() {
    var longest = "aA0._:@-".repeat(16);

    assertThat(valid("join_session", "{\"sessionId\":\"" + longest + "\"}").sessionId().value())
        .isEqualTo(longest);
    var model = "[\"" + "m".repeat(256) + "\"]";
    valid("message", with("message", "modelIds", model));
    valid("message", with("message", "modelIds", "[\"名前/模型 with space\"]"));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "0, 1",
    "-5, 1",
    "100, 100",
    "101, 100",
    "9223372036854775807, 100",
    "99999999999999999999999, 100",
    "-99999999999999999999999, 1",
  })
  void clampsTheLimitOfAPage(String asked, int limit) {
    var event = valid("fetch_history", with("fetch_history", "limit", asked));

    assertThat(event)
        .isEqualTo(new ClientEvent.FetchHistory(S, ShownIds.NONE, new MessageId("m-1"), limit));
  }

  @Test
  void takesFiftyEntriesForAPageThatSaysNothing() {
    assertThat(
            ((ClientEvent.FetchHistory) valid("fetch_history", example("fetch_history"))).limit())
        .isEqualTo(50);
  }

  @Test
  void takesCursorsWithDeltaOnlyAndThoseThatAreNoneForZero() {
    var cursors = "{\"a\": 5, \"b\": -1, \"c\": 1e30, \"d\": 99999999999, \"e\": 0}";
    var full = "{\"sessionId\":\"s-1\",\"cursors\":" + cursors + "}";
    var delta = "{\"sessionId\":\"s-1\",\"stream\":\"delta\",\"cursors\":" + cursors + "}";

    assertThat(((ClientEvent.JoinSession) valid("join_session", full)).cursors()).isEmpty();
    var event = (ClientEvent.JoinSession) valid("join_session", delta);
    assertThat(event.stream()).isEqualTo(StreamMode.DELTA);
    assertThat(event.cursors()).isEqualTo(Map.of("a", 5, "b", 0, "c", 0, "d", 0, "e", 0));
  }

  @Test
  void takesOnlySoManyCursors() {
    var many = new StringBuilder("{\"a0\":0");
    for (int i = 1; i < 257; i++) {
      many.append(",\"a").append(i).append("\":0");
    }
    var payload = with("join_session", "cursors", many.append('}').toString());

    assertThat(invalid("join_session", payload).field()).contains("cursors");
  }

  @Test
  void stopsOneModelOrAll() {
    assertThat(valid("stop", example("stop")))
        .isEqualTo(
            new ClientEvent.StopAnswers(S, ShownIds.NONE, new MessageId("m-1"), Optional.empty()));
    assertThat(valid("stop", with("stop", "modelId", "\"a/b\"")))
        .isEqualTo(
            new ClientEvent.StopAnswers(
                S, ShownIds.NONE, new MessageId("m-1"), Optional.of(new ModelId("a/b"))));
  }

  @Test
  void takesABareStringForLeavingASession() {
    assertThat(valid("leave_session", "\"s-1\"")).isEqualTo(new ClientEvent.LeaveSession(S));
    assertThat(invalid("leave_session", "\"not an id\"").field()).contains("sessionId");
  }

  @Test
  void takesAnEmptyDraftAndTheTypistFromNowhere() {
    var draft =
        valid("input_change", "{\"sessionId\":\"s-1\",\"content\":\"\",\"userId\":\"somebody\"}");

    assertThat(draft)
        .isEqualTo(new ClientEvent.Typing(S, ClientEvent.Typing.Kind.DRAFT, Optional.of("")));
    assertThat(draft.shown()).isEqualTo(ShownIds.NONE);
    assertThat(valid("typing_stop", example("typing_stop")))
        .isEqualTo(new ClientEvent.Typing(S, ClientEvent.Typing.Kind.STOP, Optional.empty()));
  }
}
