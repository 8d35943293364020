package dev.askape.provider.apis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.ErrorType;
import dev.askape.chat.FinishReason;
import dev.askape.chat.Outcome;
import dev.askape.provider.Attempt;
import dev.askape.provider.Attempt.Trouble;
import dev.askape.provider.http.FakeUpstream;
import dev.askape.provider.http.Loops;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What streams come to, in every dialect.
class StreamsTest {
  private static Loops loops;

  @BeforeAll
  static void start() {
    loops = new Loops();
  }

  @AfterAll
  static void stop() {
    loops.close();
  }

  @ParameterizedTest
  @EnumSource
  void tellsTextReasoningAndUsage(Wire wire) throws Exception {
    var calls = new Calls(loops, wire);
    var attempt =
        calls.stream(
            wire.thought("h"), wire.thought("m"), wire.text("Hel"), wire.text("lo"), wire.end());

    assertThat(attempt)
        .isEqualTo(
            Attempt.answered(
                new Outcome.Finished(FinishReason.STOP, Optional.of(wire.expected()))));
    assertThat(calls.sink().fragments).containsExactly("Hel", "lo");
    assertThat(calls.sink().thoughts).containsExactly("h", "m");
  }

  @ParameterizedTest
  @EnumSource
  void translatesEveryReasonForTheEnd(Wire wire) throws Exception {
    for (var reason : wire.reasons().entrySet()) {
      var attempt = new Calls(loops, wire).stream(wire.text("a"), wire.finish(reason.getKey()));

      Calls.assertFinished(attempt, reason.getValue());
    }
  }

  @ParameterizedTest
  @EnumSource
  void isTruncatedWhenTheStreamEndsBeforeTheAnswer(Wire wire) throws Exception {
    var calls = new Calls(loops, wire);
    var attempt = calls.stream(wire.text("Hel"));

    Calls.assertFailed(attempt, ErrorType.UNAVAILABLE, Trouble.BROKEN);
    assertThat(Calls.cause(attempt)).contains("truncated");
    assertThat(calls.sink().said()).isEqualTo("Hel");
  }

  @ParameterizedTest
  @EnumSource
  void isBrokenWhenTheConnectionIsResetInMidText(Wire wire) throws Exception {
    var calls = new Calls(loops, wire);
    try (var upstream =
        new FakeUpstream(exchange -> {
          exchange.startChunked();
          exchange.chunk(wire.start() + wire.text("Hel"));
          if (!hasHeard(calls)) {
            return;
          }
          exchange.reset();
        })) {
      Calls.assertFailed(calls.ask(upstream), ErrorType.UNAVAILABLE, Trouble.BROKEN);
      assertThat(upstream.requests()).hasSize(1);
      assertThat(calls.sink().said()).isEqualTo("Hel");
    }
  }

  private static boolean hasHeard(Calls calls) {
    try {
      return calls.sink().first.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource
  void isBrokenAtGarbageAndKeepsTheText(Wire wire) throws Exception {
    var calls = new Calls(loops, wire);
    var attempt = calls.stream(wire.text("Hel"), "data: {\"x\":[\n\n{\"x\":[\n", wire.end());

    Calls.assertFailed(attempt, ErrorType.UNAVAILABLE, Trouble.BROKEN);
    assertThat(calls.sink().said()).isEqualTo("Hel");
  }

  @ParameterizedTest
  @EnumSource
  void isBrokenAtALineOfTenMegabytes(Wire wire) throws Exception {
    var calls = new Calls(loops, wire);
    var attempt = calls.stream(wire.text("Hel"), wire.text("x".repeat(10_000_000)), wire.end());

    Calls.assertFailed(attempt, ErrorType.UNAVAILABLE, Trouble.BROKEN);
    assertThat(calls.sink().said()).isEqualTo("Hel");
  }

  @ParameterizedTest
  @EnumSource
  void replacesBrokenUtf8AndCompletes(Wire wire) throws Exception {
    var calls = new Calls(loops, wire);
    var bytes = (wire.start() + wire.text("a~b") + wire.end()).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == '~' ? (byte) 0xff : bytes[i];
    }

    Calls.assertFinished(calls.bytes(bytes), FinishReason.STOP);
    assertThat(calls.sink().said()).isEqualTo("a\ufffdb");
  }

  @ParameterizedTest
  @EnumSource
  void toleratesAByteOrderMarkCrLfAndComments(Wire wire) throws Exception {
    var calls = new Calls(loops, wire);
    var stream =
        "\ufeff" + wire.start() + wire.thought("t") + ": PING\n\n" + wire.text("é😀") + wire.end();
    var attempt = calls.bytes(stream.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));

    Calls.assertFinished(attempt, FinishReason.STOP);
    assertThat(calls.sink().thought()).isEqualTo("t");
    assertThat(calls.sink().said()).isEqualTo("é😀");
  }

  @ParameterizedTest
  @EnumSource
  void doesNotDependOnHowTheBytesAreCut(Wire wire) throws Exception {
    var calls = new Calls(loops, wire);
    var bytes =
        (wire.start() + wire.text("é😀日本語 \u2028 \\ud83d") + wire.text("\\ude00") + wire.end())
            .getBytes(StandardCharsets.UTF_8);
    try (var upstream =
        new FakeUpstream(exchange -> {
          exchange.socket().setTcpNoDelay(true);
          exchange.startStream();
          for (var b : bytes) {
            exchange.write(new byte[] {b});
          }
          exchange.socket().close();
        })) {
      Calls.assertFinished(calls.ask(upstream), FinishReason.STOP);
      assertThat(calls.sink().said()).isEqualTo("é😀日本語 \u2028 😀");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI,429,RATE_LIMITED,PASSING",
    "OPENAI,500,UNAVAILABLE,PASSING",
    "OPENAI,server_error,UNAVAILABLE,PASSING",
    "OPENAI,invalid_api_key,UNAUTHORIZED,KEY",
    "OPENAI,400,UNAVAILABLE,NONE",
    "OPENAI,context_length_exceeded,TOO_LARGE,NONE",
    "OPENAI,content_filter,CONTENT_FILTER,NONE",
    "OPENAI,,UNAVAILABLE,PASSING",
    "ANTHROPIC,overloaded_error,UNAVAILABLE,PASSING",
    "ANTHROPIC,rate_limit_error,RATE_LIMITED,PASSING",
    "ANTHROPIC,api_error,UNAVAILABLE,PASSING",
    "ANTHROPIC,timeout_error,TIMEOUT,PASSING",
    "ANTHROPIC,authentication_error,UNAUTHORIZED,KEY",
    "ANTHROPIC,permission_error,UNAUTHORIZED,KEY",
    "ANTHROPIC,invalid_request_error,UNAVAILABLE,NONE",
    "ANTHROPIC,billing_error,RATE_LIMITED,NONE",
    "GEMINI,429,RATE_LIMITED,PASSING",
    "GEMINI,RESOURCE_EXHAUSTED,RATE_LIMITED,PASSING",
    "GEMINI,UNAVAILABLE,UNAVAILABLE,PASSING",
    "GEMINI,INTERNAL,UNAVAILABLE,PASSING",
    "GEMINI,DEADLINE_EXCEEDED,TIMEOUT,PASSING",
    "GEMINI,UNAUTHENTICATED,UNAUTHORIZED,KEY",
    "GEMINI,INVALID_ARGUMENT,UNAVAILABLE,NONE",
    "OLLAMA,,UNAVAILABLE,PASSING"
  })
  void sortsAnErrorInTheStreamAndKeepsTheText(
      Wire wire, String code, ErrorType type, Trouble trouble) throws Exception {
    var calls = new Calls(loops, wire);
    var attempt = calls.stream(wire.text("Hel"), wire.error(code == null ? "" : code), wire.end());

    Calls.assertFailed(attempt, type, trouble);
    assertThat(Calls.cause(attempt)).contains("boom");
    assertThat(calls.sink().said()).isEqualTo("Hel");
  }

  @Test
  void tellsOfAGeminiPromptThatWasBlocked() throws Exception {
    var attempt =
        new Calls(loops, Wire.GEMINI)
            .stream(
                "data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":{}}\n\n");

    Calls.assertFailed(attempt, ErrorType.CONTENT_FILTER, Trouble.NONE);
  }

  @Test
  void tellsWhenGeminiWantsToBeAskedAgain() throws Exception {
    var attempt =
        new Calls(loops, Wire.GEMINI)
            .stream(
                "data: {\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\",\"details\":["
                    + "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\","
                    + "\"retryDelay\":\"34s\"}]}}\n\n");

    assertThat(attempt.retryAfter()).contains(Duration.ofSeconds(34));
  }
}
