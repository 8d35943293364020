package dev.askape.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.ErrorType;
import dev.askape.chat.FinishReason;
import dev.askape.chat.Outcome;
import dev.askape.provider.Timeouts;
import dev.askape.provider.http.Asking;
import dev.askape.provider.http.EndpointSettings;
import dev.askape.provider.http.FakeUpstream;
import dev.askape.provider.http.Loops;
import dev.askape.provider.http.RecordingSink;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What refusals, silence and broken connections come to.
class OpenAiFailureTest {
  private static final String HELLO =
      "data: {\"choices\":[{\"delta\":{\"content\":\"Hello\"}}]}\n\n";
  private static final Duration SHORT = Duration.ofMillis(150);
  private static final Duration LONG = Duration.ofSeconds(60);

  private static Loops loops;

  private final RecordingSink sink = new RecordingSink();

  @BeforeAll
  static void start() {
    loops = new Loops();
  }

  @AfterAll
  static void stop() {
    loops.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "400|{\"error\":{\"message\":\"bad\"}}|UNAVAILABLE",
        "400|{\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"m\"}}|TOO_LARGE",
        "400|{\"error\":{\"message\":\"This model's maximum context length is 8192\"}}|TOO_LARGE",
        "400|{\"error\":{\"code\":\"content_filter\",\"message\":\"m\"}}|CONTENT_FILTER",
        "400|{\"error\":{\"code\":\"model_not_supported\",\"message\":\"m\"}}|UNKNOWN_MODEL",
        "401|{\"error\":{\"message\":\"no key\"}}|UNAUTHORIZED",
        "402|{\"error\":\"credits\"}|RATE_LIMITED",
        "403|{\"error\":{\"message\":\"no\"}}|UNAUTHORIZED",
        "403|{\"error\":{\"message\":\"flagged by moderation\"}}|CONTENT_FILTER",
        "404|{\"error\":{\"message\":\"The model `x` does not exist\"}}|UNKNOWN_MODEL",
        "404|<html>nothing here</html>|UNAVAILABLE",
        "408|late|TIMEOUT",
        "413|big|TOO_LARGE",
        "429|[{\"error\":{\"message\":\"slow down\"}}]|RATE_LIMITED",
        "429|{\"error\":{\"message\":\"content policy\"}}|RATE_LIMITED",
        "500|{\"detail\":\"oops\"}|UNAVAILABLE",
        "503|busy|UNAVAILABLE",
        "504|gateway|TIMEOUT",
        "302|moved|UNAVAILABLE",
        "204||UNAVAILABLE"
      })
  void sortsRefusals(int status, String body, ErrorType type) throws Exception {
    try (var upstream =
        new FakeUpstream(
            exchange -> exchange.reply(status, "application/json", body == null ? "" : body))) {
      var outcome = ask(Asking.settings(upstream.base()));

      assertThat(failure(outcome).type()).isEqualTo(type);
      assertThat(failure(outcome).cause()).contains("HTTP " + status);
    }
  }

  @Test
  void doesNotFollowRedirects() throws Exception {
    try (var elsewhere = new FakeUpstream(exchange -> exchange.reply(200, "text/plain", "x"));
        var upstream =
            new FakeUpstream(exchange ->
                exchange.write(
                    "HTTP/1.1 307 X\r\nLocation: "
                        + elsewhere.base()
                        + "\r\nContent-Length: 0\r\n\r\n"))) {
      assertThat(failure(ask(Asking.settings(upstream.base()))).type())
          .isEqualTo(ErrorType.UNAVAILABLE);
      assertThat(elsewhere.connections()).isZero();
    }
  }

  @Test
  void readsOnlySoMuchOfAnErrorBody() throws Exception {
    try (var upstream =
        new FakeUpstream(exchange -> {
          exchange.write("HTTP/1.1 500 X\r\nConnection: close\r\n\r\n");
          while (true) {
            exchange.write("endless ".repeat(1_000));
          }
        })) {
      assertThat(failure(ask(Asking.settings(upstream.base()))).type())
          .isEqualTo(ErrorType.UNAVAILABLE);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"message\":\"Incorrect API key provided: planted.key.0123456789\"}}",
        "{\"error\":{\"message\":\"Incorrect API key provided: planted.*****23456789.\"}}",
        "echo: Bearer planted.key.0123456789 at https://host/?key=planted.key.0123456789",
      })
  void keepsTheKeyOutOfTheCause(String body) throws Exception {
    try (var upstream =
        new FakeUpstream(exchange -> exchange.reply(401, "application/json", body))) {
      assertThat(failure(ask(Asking.settings(upstream.base()))).cause())
          .doesNotContain("planted")
          .doesNotContain("23456789");
    }
  }

  @Test
  void keepsTheKeyOutOfTheCauseOfAnErrorInMidStream() throws Exception {
    try (var upstream =
        new FakeUpstream(exchange -> {
          exchange.startStream();
          exchange.write("data: {\"error\":{\"message\":\"planted.key.0123456789 is over\"}}\n\n");
        })) {
      assertThat(failure(ask(Asking.settings(upstream.base()))).cause())
          .contains("is over")
          .doesNotContain("planted");
    }
  }

  @Test
  void failsWhenNobodyListens() throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    assertThat(failure(ask(Asking.settings(URI.create("http://127.0.0.1:" + port + "/v1")))).type())
        .isEqualTo(ErrorType.UNAVAILABLE);
  }

  @Test
  void failsWhenTheNameDoesNotExist() throws Exception {
    var settings = Asking.settings(URI.create("http://no-such-host.invalid/v1"));

    assertThat(failure(ask(settings)).type()).isIn(ErrorType.UNAVAILABLE, ErrorType.TIMEOUT);
  }

  @Test
  void failsWhenTheConnectionIsClosedBeforeTheHead() throws Exception {
    try (var upstream = new FakeUpstream(FakeUpstream.Exchange::reset)) {
      assertThat(failure(ask(Asking.settings(upstream.base()))).type())
          .isEqualTo(ErrorType.UNAVAILABLE);
      assertThat(upstream.requests()).hasSize(1);
    }
  }

  @Test
  void failsWhenTheHeadIsNoHttp() throws Exception {
    try (var upstream =
        new FakeUpstream(exchange -> exchange.write("SSH-2.0-OpenSSH_9.9\r\n\r\n"))) {
      assertThat(failure(ask(Asking.settings(upstream.base()))).type())
          .isEqualTo(ErrorType.UNAVAILABLE);
    }
  }

  @Test
  void timesOutWithoutAHead() throws Exception {
    try (var upstream = new FakeUpstream(FakeUpstream.Exchange::isClosedByClient)) {
      assertTimeout(
          upstream, new Timeouts(LONG, SHORT, LONG, LONG, LONG), "waited 150 ms for the response");
    }
  }

  @Test
  void timesOutWithoutAFirstTokenAlthoughCommentsCome() throws Exception {
    try (var upstream =
        new FakeUpstream(exchange -> {
          exchange.startStream();
          while (true) {
            exchange.write(": PROCESSING\n\n");
            Thread.onSpinWait();
          }
        })) {
      assertTimeout(
          upstream,
          new Timeouts(LONG, LONG, SHORT, LONG, LONG),
          "waited 150 ms for the first token");
    }
  }

  @Test
  void timesOutBetweenTokensAndKeepsTheText() throws Exception {
    try (var upstream =
        new FakeUpstream(exchange -> {
          exchange.startStream();
          exchange.write(HELLO);
          exchange.isClosedByClient();
        })) {
      assertTimeout(
          upstream,
          new Timeouts(LONG, LONG, LONG, SHORT, LONG),
          "waited 150 ms for the next token");
      assertThat(sink.said()).isEqualTo("Hello");
    }
  }

  @Test
  void timesOutInAllAlthoughTokensCome() throws Exception {
    var settings = new Timeouts(LONG, LONG, LONG, LONG, Duration.ofMillis(200));
    try (var upstream =
        new FakeUpstream(exchange -> {
          exchange.startStream();
          while (true) {
            exchange.write(HELLO);
          }
        })) {
      var outcome = failure(ask(Asking.settings(upstream.base()).withTimeouts(settings)));

      assertThat(outcome.type()).isEqualTo(ErrorType.TIMEOUT);
      assertThat(outcome.cause()).contains("no end in the time for all of it");
    }
  }

  @Test
  void doesNotWaitLongForTheEndOfTheStreamOnceTheModelFinished() throws Exception {
    try (var upstream =
        new FakeUpstream(exchange -> {
          exchange.startStream();
          exchange.write(HELLO);
          exchange.write("data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n");
          exchange.isClosedByClient();
        })) {
      var settings =
          Asking.settings(upstream.base())
              .withTimeouts(new Timeouts(LONG, LONG, LONG, SHORT, LONG));

      assertThat(ask(settings)).extracting("reason").isEqualTo(FinishReason.STOP);
    }
  }

  private void assertTimeout(FakeUpstream upstream, Timeouts timeouts, String cause)
      throws Exception {
    var failed = failure(ask(Asking.settings(upstream.base()).withTimeouts(timeouts)));

    assertThat(failed.type()).isEqualTo(ErrorType.TIMEOUT);
    assertThat(failed.cause()).contains(cause);
  }

  private Outcome ask(EndpointSettings settings) throws InterruptedException {
    try (var provider = OpenAi.provider(settings, loops.all())) {
      return Asking.ask(provider, "m", Asking.PROMPT, sink);
    }
  }

  private static Outcome.Failed failure(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    return (Outcome.Failed) outcome;
  }
}
