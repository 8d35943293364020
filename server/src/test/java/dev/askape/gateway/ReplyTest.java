package dev.askape.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.Refusal;
import dev.askape.socketio.Ack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Where a client hears of problems, and in which words.
class ReplyTest {
  private final FakeSocket socket = new FakeSocket();
  private final List<String> acknowledged = new ArrayList<>();

  private Reply reply(boolean callback) {
    return reply("message", callback);
  }

  private Reply reply(String event, boolean callback) {
    return new Reply(
        event,
        new Ack() {
          @Override
          public boolean wanted() {
            return callback;
          }

          @Override
          public void send(Object... args) {
            acknowledged.add(args[0].toString());
          }
        },
        socket);
  }

  @Test
  void goesToTheCallbackWhereThereIsOne() {
    reply(true).problem(Problem.of(ErrorCode.FORBIDDEN));

    assertThat(socket.packets()).isEmpty();
    assertThat(acknowledged)
        .containsExactly(
            "{\"ok\":false,\"error\":{\"type\":\"forbidden\",\"message\":\""
                + ErrorCode.FORBIDDEN.sentence()
                + "\",\"event\":\"message\"}}");
  }

  @Test
  void isAnErrorEventWhereThereIsNone() {
    reply(false)
        .problem(
            Problem.of(ErrorCode.BAD_REQUEST, "no")
                .in("sessionId")
                .about(Sent.parsed("{\"sessionId\":\"s\",\"clientMessageId\":\"c\"}")));

    assertThat(acknowledged).isEmpty();
    assertThat(socket.last().event()).isEqualTo("error");
    assertThat(socket.last().payload())
        .isEqualTo(
            Sent.parsed(
                """
                {"type": "bad_request", "message": "no", "event": "message",
                 "field": "sessionId", "sessionId": "s", "clientMessageId": "c"}\
                """));
  }

  @Test
  void saysThatAllIsWellToTheCallbackOnly() {
    reply(true).ok(json -> json.put("id", "x"));
    reply(false).ok();

    assertThat(socket.packets()).isEmpty();
    assertThat(acknowledged).containsExactly("{\"ok\":true,\"id\":\"x\"}");
  }

  @Test
  void namesAnEventOfAnyLengthBriefly() {
    reply("e".repeat(63) + "\uD83D\uDE00", false).problem(Problem.of(ErrorCode.BAD_REQUEST));

    assertThat(socket.last().text("event")).isEqualTo("e".repeat(63) + "\uFFFD");
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(new Refusal.Forbidden(), "forbidden"),
        Arguments.of(new Refusal.NotFound(), "not_found"),
        Arguments.of(new Refusal.Busy(), "busy"),
        Arguments.of(new Refusal.RateLimited(Duration.ofMillis(1_500)), "rate_limited"),
        Arguments.of(new Refusal.ShuttingDown(), "shutting_down"),
        Arguments.of(new Refusal.NotSaved(), "save_error"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void namesWhyTheChatRefused(Refusal why, String type) {
    var json = Problem.of(why).toJson("message");

    assertThat(json.get("type").textValue()).isEqualTo(type);
    assertThat(json.has("retryAfterMs")).isEqualTo(why instanceof Refusal.RateLimited);
    if (json.has("retryAfterMs")) {
      assertThat(json.get("retryAfterMs").longValue()).isEqualTo(1_500);
    }
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void hasASentenceForEveryCode(ErrorCode code) {
    assertThat(Problem.of(code).toJson("x").get("message").textValue()).endsWith(".");
  }
}
