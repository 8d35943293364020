package dev.askape.provider.apis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.askape.chat.Outcome;
import dev.askape.provider.CallOptions;
import dev.askape.provider.ProviderException;
import dev.askape.provider.http.Asking;
import dev.askape.provider.http.FakeUpstream;
import dev.askape.provider.http.Loops;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A key that the provider says back, wherever it says it, gets no further.
class SecretsTest {
  private static final String KEY = "planted.key.0123456789";
  private static final String PART = "planted";

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
  void sendsTheKeyInItsHeaderAndNowhereElse(Wire wire) throws Exception {
    try (var upstream =
        new FakeUpstream(exchange ->
            exchange.reply(200, "text/event-stream", wire.start() + wire.text("a") + wire.end()))) {
      new Calls(loops, wire).ask(upstream);

      var request = upstream.requests().getFirst();
      assertThat(request.line()).isEqualTo(wire.requestLine);
      assertThat(request.body()).doesNotContain(PART);
      assertThat(request.headers().get(wire.keyHeader)).endsWith(KEY);
      assertThat(request.headers().values().stream().filter(value -> value.contains(PART)))
          .hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsItOutOfWhatComesOfTheHead(Wire wire) throws Exception {
    assertKept(
        wire, "HTTP/1.1 401 " + KEY + "\r\nX-Request-Id: " + KEY + "\r\nContent-Length: 0\r\n\r\n");
    assertKept(
        wire, "HTTP/1.1 307 X\r\nLocation: http://h/?k=" + KEY + "\r\nContent-Length: 0\r\n\r\n");
    assertKept(
        wire, "HTTP/1.1 200 X\r\nContent-Type: text/" + KEY + "\r\nConnection: close\r\n\r\n");
    assertKept(wire, KEY + " is not HTTP\r\n\r\n");
    assertKept(wire, "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n" + KEY + "\r\n");
  }

  @ParameterizedTest
  @EnumSource
  void keepsItOutOfWhatComesOfABody(Wire wire) throws Exception {
    for (var body :
        new String[] {
          KEY,
          "{\"error\":{\"message\":\"key " + KEY + "\",\"code\":\"" + KEY + "\"}}",
          "{\"error\":\"" + KEY + "\"}",
          "[{\"error\":{\"message\":\"" + KEY.substring(0, 9) + "***" + KEY.substring(14) + "\"}}]",
          "Authorization: Bearer " + KEY
        }) {
      assertKept(wire, "HTTP/1.1 500 X\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsItOutOfWhatComesOfAStream(Wire wire) throws Exception {
    var head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + wire.start();
    assertKept(wire, head + wire.error("500").replace("boom", "boom " + KEY));
    assertKept(wire, head + wire.error(KEY));
    assertKept(wire, head + "data: " + KEY + "\n\n" + KEY + "\n");
    assertKept(wire, head + wire.finish(KEY) + "data: {\"error\":\"" + KEY + "\"}\n\n");
  }

  @ParameterizedTest
  @EnumSource
  void keepsItOutOfAListOfModelsThatFails(Wire wire) throws Exception {
    try (var upstream = new FakeUpstream(exchange -> exchange.reply(401, "text/plain", KEY));
        var provider = wire.api.open(Asking.settings(upstream.base()), loops.all())) {
      assertThatThrownBy(() -> provider.listModels(Duration.ofSeconds(10)))
          .isInstanceOf(ProviderException.class)
          .hasMessageNotContaining(PART)
          .hasNoCause();
      assertThat(upstream.requests().getFirst().line()).doesNotContain(PART);
    }
  }

  private static void assertKept(Wire wire, String response) throws Exception {
    try (var upstream =
            new FakeUpstream(exchange -> {
              exchange.write(response);
              exchange.socket().close();
            });
        var provider = wire.api.open(Asking.settings(upstream.base()), loops.all())) {
      var calls = new Calls(loops, wire);
      var attempt = calls.ask(Asking.settings(upstream.base()), CallOptions.DEFAULTS);

      assertThat(attempt.toString()).doesNotContain(PART, "0123456789");
      if (!(attempt.outcome() instanceof Outcome.Finished)) {
        assertThat(Calls.cause(attempt)).isNotBlank();
      }
      assertThat(provider.toString() + Asking.settings(upstream.base())).doesNotContain(PART);
    }
  }
}
