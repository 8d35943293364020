package dev.askape.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.askape.standin.Asked.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Everything that can go wrong, in every dialect.
@Timeout(60)
class FaultTest {
  private static final String QUICK = ",tokens=4,rate=0,first=0";

  private static Asked asked;

  @BeforeAll
  static void start() {
    asked = new Asked(Optional.empty());
  }

  @AfterAll
  static void stop() {
    asked.close();
  }

  private static String half(String model) {
    return String.join("", StandInText.fragments(model).subList(0, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nodone", "split", "bom", "crlf", "comments", "type"})
  void saysEverythingAllTheSame(String fault) throws Exception {
    var model = "fake-a:fail=" + fault + QUICK;
    for (var kind : Kind.values()) {
      var body = asked.stream(kind, model).body().replace("\ufeff", "");

      assertThat(kind.text(body)).as("%s", kind).isEqualTo(StandInText.answer(model));
    }
  }

  @ParameterizedTest
  @EnumSource
  void dripsByteByByte(Kind kind) throws Exception {
    try (var body = asked.input(kind, "fake-a:fail=drip" + QUICK)) {
      long before = System.nanoTime();
      body.readNBytes(10);

      assertThat(System.nanoTime() - before).isGreaterThan(8 * 50_000_000L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void putsInWhatTheFaultSays(Kind kind) throws Exception {
    assertThat(asked.bytes(kind, "fake-a:fail=bom" + QUICK).body()).startsWith(0xef, 0xbb, 0xbf);
    assertThat(asked.stream(kind, "fake-a:fail=crlf" + QUICK).body().replace("\r\n", ""))
        .doesNotContain("\n");
    assertThat(asked.stream(kind, "fake-a:fail=badutf8" + QUICK).body()).contains("<\ufffd\ufffd>");
    assertThat(asked.stream(kind, "fake-a:fail=garbage" + QUICK).body()).contains("{\"broken\":\n");
    assertThat(asked.bytes(kind, "fake-a:fail=longline" + QUICK).body().length)
        .isGreaterThan(10 << 20);
    assertThat(asked.stream(kind, "fake-a:fail=type" + QUICK).headers().firstValue("content-type"))
        .contains("text/plain");
  }

  @ParameterizedTest
  @EnumSource
  void leavesOutTheEnd(Kind kind) throws Exception {
    var model = "fake-a:fail=truncate" + QUICK;
    var body = asked.stream(kind, model).body();

    assertThat(kind.text(body)).isEqualTo(half(model));
    assertThat(body).doesNotContain("\"stop\"", "[DONE]", "end_turn", "STOP", "\"done\":true");
  }

  @ParameterizedTest
  @EnumSource
  void resets(Kind kind) {
    assertThatThrownBy(() -> asked.stream(kind, "fake-a:fail=reset" + QUICK))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> asked.stream(kind, "fake-a:fail=reset-before-head" + QUICK))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @EnumSource
  void hangs(Kind kind) throws Exception {
    long running = asked.standIn.stats().running();
    var before = asked.begin(kind, "fake-a:fail=hang");
    var after = asked.begin(kind, "fake-a:fail=hang-after-head").get();
    var stalling = asked.begin(kind, "fake-a:fail=stall" + QUICK).get();
    var pinging = asked.begin(kind, "fake-a:fail=pings" + QUICK).get();

    assertThat(after.statusCode()).isEqualTo(200);
    assertThat(
            stalling
                .body()
                .anyMatch(
                    line -> line.contains(half("fake-a:fail=stall" + QUICK).split(" ", -1)[0])))
        .isTrue();
    try (var lines = pinging.body()) {
      assertThat(lines.filter(line -> isKeepAlive(kind, line)).limit(3)).hasSize(3);
    }
    assertThat(before).isNotDone();
    before.cancel(true);
    after.body().close();
    stalling.body().close();
    await().until(() -> asked.standIn.stats().running() == running);
  }

  private static boolean isKeepAlive(Kind kind, String line) {
    return switch (kind) {
      case OPENAI, GEMINI -> line.startsWith(":");
      case ANTHROPIC -> line.equals("event: ping");
      case OLLAMA -> line.isEmpty();
    };
  }

  @Test
  void showsAPageOrTheWayElsewhere() throws Exception {
    var page = asked.stream(Kind.OPENAI, "fake-a:fail=page");
    var redirect = asked.stream(Kind.OPENAI, "fake-a:fail=redirect");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
    assertThat(redirect.statusCode()).isEqualTo(307);
    assertThat(redirect.headers().firstValue("location")).contains("/elsewhere");
    assertThat(asked.standIn.stats().redirected()).isZero();
    asked.get("/elsewhere");
    assertThat(asked.standIn.stats().redirected()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"endless", "endless-drip"})
  void saysAnErrorForEver(String fault) throws Exception {
    var endless = asked.begin(Kind.OLLAMA, "fake-a:fail=" + fault).get();

    assertThat(endless.statusCode()).isEqualTo(500);
    endless.body().close();
  }

  @ParameterizedTest
  @CsvSource({
    "7, Retry-After, 7",
    "ms-300, Retry-After-Ms, 300",
    "huge, Retry-After, 99999999999999999999",
    "word, Retry-After, soon",
    "negative, Retry-After, -5"
  })
  void saysWhenToComeBack(String after, String header, String value) throws Exception {
    assertThat(
            asked.stream(Kind.OPENAI, "fake-a:fail=429,after=" + after)
                .headers()
                .firstValue(header))
        .contains(value);
  }

  @Test
  void saysWhenToComeBackByTheCalendarAndInTheBody() throws Exception {
    var before = ZonedDateTime.now(ZoneOffset.UTC);
    var response = asked.stream(Kind.OPENAI, "fake-a:fail=429,after=date-90");
    var date =
        ZonedDateTime.parse(
            response.headers().firstValue("retry-after").orElseThrow(),
            DateTimeFormatter.RFC_1123_DATE_TIME);
    assertThat(date)
        .isBetween(before.plusSeconds(88), ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(91));

    var body = asked.stream(Kind.GEMINI, "fake-a:fail=429,after=body-34").body();
    assertThat(Asked.json(body).at("/error/details/0/retryDelay").asText()).isEqualTo("34s");
  }

  @ParameterizedTest
  @EnumSource
  void failsAsOftenAsItShouldAndThenWorks(Kind kind) throws Exception {
    var model = "fake-%s:fail=500,times=2".formatted(kind) + QUICK;

    assertThat(asked.stream(kind, model).statusCode()).isEqualTo(500);
    assertThat(asked.stream(kind, model).statusCode()).isEqualTo(500);
    assertThat(kind.text(asked.stream(kind, model).body())).isEqualTo(StandInText.answer(model));
    assertThat(asked.standIn.calls(model).count()).isEqualTo(3);
    assertThat(asked.standIn.calls(model).nanos()).hasSize(3).isSorted();
    assertThat(
            Asked.json(asked.get("/stats").body()).path("models").path(model).path("calls").asInt())
        .isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void givesTheKeyAwayEverywhere(Kind kind) throws Exception {
    var refusal = asked.stream(kind, "fake-a:fail=500,leak=1");
    var error = asked.stream(kind, "fake-a:fail=error,leak=1" + QUICK);

    assertThat(refusal.body()).contains(Asked.KEY);
    assertThat(refusal.headers().firstValue("x-request-id")).contains(Asked.KEY);
    assertThat(error.body()).contains(Asked.KEY);
    assertThat(error.headers().firstValue("x-request-id")).contains(Asked.KEY);
    assertThat(raw(kind, "fake-a:fail=500,leak=1"))
        .startsWith("HTTP/1.1 500 No " + Asked.KEY + "\r\n");
    assertThat(raw(kind, "fake-a:leak=1" + QUICK))
        .startsWith("HTTP/1.1 200 OK " + Asked.KEY + "\r\n");
  }

  /// Java's client does not tell what stands behind the status.
  private static String raw(Kind kind, String model) throws IOException {
    var body = kind.body(model, true).getBytes(StandardCharsets.UTF_8);
    var head =
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer %2$s\r\nx-api-key: %2$s\r\nx-goog-api-key: %2$s\r\nanthropic-version: 1\r\nContent-Length: %3$d\r\n\r\n"
            .formatted(kind.path(model, true), Asked.KEY, body.length);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), asked.standIn.port())) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(body);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
