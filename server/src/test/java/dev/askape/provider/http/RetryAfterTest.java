package dev.askape.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0",
        "7|7000",
        " 7 |7000",
        "1.25|1250",
        "86400|86400000",
        "Tue, 24 Nov 2026 10:00:30 GMT|30000",
        "Tuesday, 24-Nov-26 10:00:30 GMT|30000",
        "86401|86400000",
        "99999999999999999999|86400000",
        "Tue, 24 Nov 2099 10:00:00 GMT|86400000"
      })
  void readsSecondsAndDates(String value, long millis) {
    assertThat(of("retry-after", value)).contains(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "+1",
        "1e3",
        "NaN",
        "soon",
        "0x10",
        "1.",
        "1,5",
        "7s",
        "Tue, 24 Nov 2026 09:59:59 GMT",
        "Tue, 99 Nov 2026 10:00:00 GMT"
      })
  void ignoresWhatIsHostileOrNonsense(String value) {
    assertThat(of("retry-after", value)).isEmpty();
    assertThat(of("retry-after-ms", value)).isEmpty();
  }

  @Test
  void prefersMilliseconds() {
    var headers = new DefaultHttpHeaders().add("retry-after", "9").add("retry-after-ms", "250.5");

    assertThat(RetryAfter.of(headers, NOW)).contains(Duration.ofNanos(250_500_000));
    headers.set("retry-after-ms", "x");
    assertThat(RetryAfter.of(headers, NOW)).contains(Duration.ofSeconds(9));
  }

  @Test
  void readsTheDelayInTheDetailsOfAnError() {
    var body =
        """
        {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "details": [
          {"@type": "type.googleapis.com/google.rpc.Help", "links": [{"url": "x"}]},
          {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.5s"}]}}
        """;

    assertThat(ErrorParser.body(body).retryAfter()).contains(Duration.ofMillis(34_500));
    assertThat(ErrorParser.body("[" + body + "]").retryAfter()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"-3s\"", "\"34\"", "34", "{}", "null", "\"s\""})
  void ignoresADelayThatIsNone(String delay) {
    var body = "{\"error\":{\"details\":[{\"retryDelay\":" + delay + "}],\"message\":\"m\"}}";

    assertThat(ErrorParser.body(body).retryAfter()).isEmpty();
    assertThat(ErrorParser.body(body).message()).isEqualTo("m");
  }

  private static Optional<Duration> of(String header, String value) {
    return RetryAfter.of(new DefaultHttpHeaders().add(header, value), NOW);
  }
}
