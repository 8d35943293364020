package dev.askape.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askape.chat.ErrorType;
import dev.askape.it.ChatClient.Heard;
import dev.askape.standin.StandInProvider;
import dev.askape.standin.StandInText;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// One fault of one kind of provider, tried: a turn of two models of the same provider, of which
/// one fails.
///
/// @param heard all events of the session, in order
/// @param lasted from the message to the end of the model that fails
/// @param calls that the provider got for it
/// @param healthyCalls that it got for the other model
record MatrixCell(
    MatrixRow row,
    ProviderKind kind,
    List<Heard> heard,
    Duration lasted,
    StandInProvider.Calls calls,
    long healthyCalls) {
  /// How much later than it must a fault may end on a machine that is busy.
  private static final Duration GRACE = Duration.ofSeconds(15);

  /// Between the last call and the end, pauses of the retries included.
  private static final Duration PAUSES = Duration.ofSeconds(4);

  private MatrixRow.Expected expected() {
    return row.expected(kind);
  }

  private JsonNode end(String model) {
    return heard.stream()
        .filter(entry -> isEnd(entry, model))
        .map(Heard::payload)
        .findFirst()
        .orElseThrow(() -> new AssertionError(model + " has not ended"));
  }

  private int endPosition(String model) {
    for (int at = 0; at < heard.size(); at++) {
      if (isEnd(heard.get(at), model)) {
        return at;
      }
    }
    throw new AssertionError(model + " has not ended");
  }

  private static boolean isEnd(Heard entry, String model) {
    return entry.event().matches("model_streaming_complete|model_error")
        && entry.payload().path("modelId").asText().equals(model);
  }

  /// What came of it: `completed`, or the type of the error.
  String outcome() {
    return end(row.faulty(kind)).path("type").asText("completed");
  }

  /// For the table.
  String summary() {
    return "%s %s %.1fs"
        .formatted(
            outcome(), row.isReachable() ? calls.count() + "×" : "–", lasted.toMillis() / 1_000.0);
  }

  void check() {
    checkOutcome();
    checkText();
    checkTime();
    checkCalls();
    checkOther();
  }

  private void checkOutcome() {
    var end = end(row.faulty(kind));
    assertThat(outcome()).as("%s", end).isEqualTo(expected().outcome());
    if (!expected().isCompleted()) {
      var type = ErrorType.valueOf(expected().outcome().toUpperCase(Locale.ROOT));
      assertThat(end.path("error").asText()).isEqualTo(type.sentence());
      assertThat(end.path("retryable").asBoolean()).isEqualTo(type.retryable());
      assertThat(end.path("errorId").asText()).isNotBlank();
    }
  }

  private void checkText() {
    assertThat(end(row.faulty(kind)).path("content").asText()).isEqualTo(row.text(kind));
    var told = new StringBuilder();
    heard.stream()
        .filter(entry -> entry.event().equals("message_chunk"))
        .filter(entry -> entry.payload().path("modelId").asText().equals(row.faulty(kind)))
        .forEach(entry -> told.append(entry.payload().path("chunk").asText()));
    assertThat(told.toString()).as("the chunks").isEqualTo(row.text(kind));
  }

  private void checkTime() {
    assertThat(lasted).isGreaterThanOrEqualTo(expected().least());
    assertThat(lasted).isLessThan(expected().latest(PAUSES).plus(GRACE));
  }

  private void checkCalls() {
    if (row.isReachable()) {
      assertThat(calls.count()).as("calls").isEqualTo(expected().calls());
    }
    if (calls.nanos().size() > 1) {
      var apart = Duration.ofNanos(calls.nanos().get(1) - calls.nanos().get(0));
      assertThat(apart).as("between the calls").isGreaterThanOrEqualTo(expected().gap());
    }
  }

  /// The other model of the turn has said everything, and was not held up by this one.
  private void checkOther() {
    var healthy = row.healthy(kind);
    assertThat(end(healthy).path("content").asText()).isEqualTo(StandInText.answer(healthy));
    assertThat(healthyCalls).isEqualTo(1);
    if (expected().least().isPositive()) {
      assertThat(endPosition(healthy)).isLessThan(endPosition(row.faulty(kind)));
    }
  }
}
