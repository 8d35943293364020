package dev.askape.provider.apis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.ErrorType;
import dev.askape.chat.FinishReason;
import dev.askape.provider.Attempt.Trouble;
import dev.askape.provider.CallOptions;
import dev.askape.provider.Timeouts;
import dev.askape.provider.http.Asking;
import dev.askape.provider.http.FakeUpstream;
import dev.askape.provider.http.Loops;
import dev.askape.provider.http.RecordingSink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What goes wrong before the first word, in every dialect, and how often it is asked.
class FailuresTest {
  private static final Duration SHORT = Duration.ofMillis(150);
  private static final Duration LONG = Duration.ofSeconds(60);

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
  @CsvSource({
    "302,UNAVAILABLE,BROKEN",
    "400,UNAVAILABLE,NONE",
    "401,UNAUTHORIZED,KEY",
    "402,RATE_LIMITED,NONE",
    "403,UNAUTHORIZED,KEY",
    "404,UNAVAILABLE,NONE",
    "408,TIMEOUT,PASSING",
    "409,UNAVAILABLE,PASSING",
    "413,TOO_LARGE,NONE",
    "422,UNAVAILABLE,NONE",
    "425,UNAVAILABLE,PASSING",
    "429,RATE_LIMITED,PASSING",
    "500,UNAVAILABLE,PASSING",
    "501,UNAVAILABLE,PASSING",
    "503,UNAVAILABLE,PASSING",
    "504,TIMEOUT,PASSING",
    "529,UNAVAILABLE,PASSING",
    "599,UNAVAILABLE,PASSING"
  })
  void sortsRefusals(int status, ErrorType type, Trouble trouble) throws Exception {
    for (var wire : Wire.values()) {
      try (var upstream =
          new FakeUpstream(
              exchange -> exchange.reply(status, "application/json", "{\"error\":\"boom\"}"))) {
        var attempt = new Calls(loops, wire).ask(upstream);

        Calls.assertFailed(attempt, type, trouble);
        assertThat(Calls.cause(attempt)).contains("HTTP " + status, "boom");
        assertThat(upstream.requests()).hasSize(1);
      }
    }
  }

  /// A refused content says nothing about the key.
  @Test
  void doesNotBlameTheKeyForWhatWasAsked() throws Exception {
    try (var upstream =
        new FakeUpstream(exchange -> exchange.reply(403, "text/plain", "flagged by moderation"))) {
      Calls.assertFailed(
          new Calls(loops, Wire.OPENAI).ask(upstream), ErrorType.CONTENT_FILTER, Trouble.NONE);
    }
  }

  @Test
  void blamesTheKeyWhereGoogleSaysThatTheRequestIsWrong() throws Exception {
    try (var upstream =
        new FakeUpstream(exchange ->
            exchange.reply(
                400,
                "application/json",
                "{\"error\":{\"code\":400,\"status\":\"INVALID_ARGUMENT\","
                    + "\"message\":\"API key not valid. Please pass a valid API key.\"}}"))) {
      Calls.assertFailed(
          new Calls(loops, Wire.GEMINI).ask(upstream), ErrorType.UNAUTHORIZED, Trouble.KEY);
    }
  }

  @ParameterizedTest
  @EnumSource
  void passesOnWhenTheProviderWantsToBeAskedAgain(Wire wire) throws Exception {
    try (var upstream =
        new FakeUpstream(exchange ->
            exchange.write("HTTP/1.1 429 X\r\nRetry-After: 1.5\r\nContent-Length: 0\r\n\r\n"))) {
      assertThat(new Calls(loops, wire).ask(upstream).retryAfter())
          .contains(Duration.ofMillis(1_500));
    }
  }

  @ParameterizedTest
  @EnumSource
  void mayPassWhenNobodyListens(Wire wire) throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var settings = Asking.settings(Wire.closed(port));

    Calls.assertFailed(
        new Calls(loops, wire).ask(settings, CallOptions.DEFAULTS),
        ErrorType.UNAVAILABLE,
        Trouble.PASSING);
  }

  @Test
  void mayPassWhenTheNameDoesNotExist() throws Exception {
    var settings = Asking.settings(URI.create("http://no-such-host.invalid/v1"));
    var attempt = new Calls(loops, Wire.OPENAI).ask(settings, CallOptions.DEFAULTS);

    assertThat(attempt.trouble()).isEqualTo(Trouble.PASSING);
  }

  @ParameterizedTest
  @EnumSource
  void mayPassWhenTheConnectionIsResetBeforeTheHead(Wire wire) throws Exception {
    try (var upstream = new FakeUpstream(FakeUpstream.Exchange::reset)) {
      Calls.assertFailed(
          new Calls(loops, wire).ask(upstream), ErrorType.UNAVAILABLE, Trouble.PASSING);
      assertThat(upstream.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void mayPassWhenTheConnectionIsClosedBeforeTheHead(Wire wire) throws Exception {
    try (var upstream = new FakeUpstream(exchange -> exchange.socket().close())) {
      Calls.assertFailed(
          new Calls(loops, wire).ask(upstream), ErrorType.UNAVAILABLE, Trouble.PASSING);
      assertThat(upstream.requests()).hasSize(1);
    }
  }

  /// The HTTP client would ask again by itself here if it were allowed to.
  @ParameterizedTest
  @EnumSource
  void asksOnceOnAConnectionThatWasUsedBefore(Wire wire) throws Exception {
    try (var upstream = new FakeUpstream(exchange -> answerOnce(exchange, wire));
        var provider = wire.api.open(Asking.settings(upstream.base()), loops.all().subList(0, 1))) {
      var model = provider.upstream(Calls.MODEL, CallOptions.DEFAULTS);
      var first = model.ask(Asking.PROMPT, new RecordingSink(), soon());
      Calls.assertFinished(first, FinishReason.STOP);

      var second = model.ask(Asking.prompt("again"), new RecordingSink(), soon());
      Calls.assertFailed(second, ErrorType.UNAVAILABLE, Trouble.PASSING);
      assertThat(upstream.requests()).hasSize(2);
      assertThat(upstream.connections()).isEqualTo(1);
    }
  }

  private static void answerOnce(FakeUpstream.Exchange exchange, Wire wire) throws IOException {
    if (exchange.body().contains("again")) {
      exchange.reset();
    } else {
      exchange.reply(200, "text/event-stream", wire.start() + wire.text("a") + wire.end());
    }
  }

  private static long soon() {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
  }

  @Test
  void isBrokenWhenTheHeadIsNoHttp() throws Exception {
    try (var upstream =
        new FakeUpstream(exchange -> exchange.write("SSH-2.0-OpenSSH_9.9\r\n\r\n"))) {
      Calls.assertFailed(
          new Calls(loops, Wire.OPENAI).ask(upstream), ErrorType.UNAVAILABLE, Trouble.BROKEN);
    }
  }

  @ParameterizedTest
  @EnumSource
  void takesTheTimeoutsOfTheModel(Wire wire) throws Exception {
    try (var upstream = new FakeUpstream(FakeUpstream.Exchange::isClosedByClient)) {
      assertTimeout(upstream, wire, new Timeouts(LONG, SHORT, LONG, LONG, LONG), "the response");
    }
  }

  @ParameterizedTest
  @EnumSource
  void isBrokenWhenTheFirstTokenDoesNotCome(Wire wire) throws Exception {
    try (var upstream =
        new FakeUpstream(exchange -> {
          exchange.startStream();
          exchange.write(wire.start() + ": PING\n\n");
          exchange.isClosedByClient();
        })) {
      assertTimeout(upstream, wire, new Timeouts(LONG, LONG, SHORT, LONG, LONG), "first token");
    }
  }

  @ParameterizedTest
  @EnumSource
  void isBrokenWhenItStallsInMidText(Wire wire) throws Exception {
    try (var upstream =
        new FakeUpstream(exchange -> {
          exchange.startStream();
          exchange.write(wire.start() + wire.text("Hel"));
          exchange.isClosedByClient();
        })) {
      assertTimeout(upstream, wire, new Timeouts(LONG, LONG, LONG, SHORT, LONG), "next token");
    }
  }

  @ParameterizedTest
  @EnumSource
  void endsAtItsDeadlineHoweverManyTokensCome(Wire wire) throws Exception {
    try (var upstream =
        new FakeUpstream(exchange -> {
          exchange.startStream();
          exchange.write(wire.start());
          while (true) {
            exchange.write(wire.text("x"));
          }
        })) {
      assertTimeout(upstream, wire, new Timeouts(LONG, LONG, LONG, LONG, SHORT), "all of it");
    }
  }

  private static void assertTimeout(
      FakeUpstream upstream, Wire wire, Timeouts timeouts, String what) throws Exception {
    var options = CallOptions.DEFAULTS.withTimeouts(timeouts);
    var attempt = new Calls(loops, wire).ask(Asking.settings(upstream.base()), options);

    Calls.assertFailed(attempt, ErrorType.TIMEOUT, Trouble.BROKEN);
    assertThat(Calls.cause(attempt)).contains(what);
  }

  /// Nothing was sent, so it may be tried again.
  @Test
  void mayPassWhenThereIsNoConnectionInTime() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // accepts TCP but never says a word of TLS
      var base = URI.create("https://127.0.0.1:" + socket.getLocalPort() + "/v1");
      var settings =
          Asking.settings(base).withTimeouts(new Timeouts(SHORT, LONG, LONG, LONG, LONG));
      var attempt = new Calls(loops, Wire.OPENAI).ask(settings, CallOptions.DEFAULTS);

      Calls.assertFailed(attempt, ErrorType.TIMEOUT, Trouble.PASSING);
    }
  }

  @ParameterizedTest
  @EnumSource
  void takesADeadlineBeforeItsOwn(Wire wire) throws Exception {
    try (var upstream = new FakeUpstream(FakeUpstream.Exchange::isClosedByClient);
        var provider = wire.api.open(Asking.settings(upstream.base()), loops.all())) {
      var attempt =
          provider
              .upstream(Calls.MODEL, CallOptions.DEFAULTS)
              .ask(Asking.PROMPT, new RecordingSink(), System.nanoTime() + SHORT.toNanos());

      assertThat(Calls.cause(attempt)).contains("all of it");
    }
  }
}
