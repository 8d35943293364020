package dev.askape.provider.apis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.ErrorType;
import dev.askape.chat.FinishReason;
import dev.askape.chat.Outcome;
import dev.askape.provider.Attempt;
import dev.askape.provider.Attempt.Trouble;
import dev.askape.provider.CallOptions;
import dev.askape.provider.http.Asking;
import dev.askape.provider.http.EndpointSettings;
import dev.askape.provider.http.FakeUpstream;
import dev.askape.provider.http.Loops;
import dev.askape.provider.http.RecordingSink;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// Asks a scripted server once.
///
/// @param sink hears the answer
record Calls(Loops loops, Wire wire, RecordingSink sink) {
  static final String MODEL = "a/m";

  Calls(Loops loops, Wire wire) {
    this(loops, wire, new RecordingSink());
  }

  Attempt ask(EndpointSettings settings, CallOptions options) throws InterruptedException {
    try (var provider = wire.api.open(settings, loops.all())) {
      return provider
          .upstream(MODEL, options)
          .ask(Asking.PROMPT, sink, System.nanoTime() + TimeUnit.MINUTES.toNanos(1));
    }
  }

  Attempt ask(FakeUpstream upstream) throws InterruptedException {
    return ask(Asking.settings(upstream.base()), CallOptions.DEFAULTS);
  }

  /// What comes of a stream of these parts.
  Attempt stream(String... parts) throws Exception {
    return bytes((wire.start() + String.join("", parts)).getBytes(StandardCharsets.UTF_8));
  }

  /// What comes of a stream of just these bytes.
  Attempt bytes(byte[] bytes) throws Exception {
    try (var upstream =
        new FakeUpstream(exchange -> {
          exchange.startStream();
          exchange.write(bytes);
          exchange.socket().close();
        })) {
      return ask(upstream);
    }
  }

  static void assertFinished(Attempt attempt, FinishReason reason) {
    assertThat(attempt.outcome())
        .isInstanceOfSatisfying(
            Outcome.Finished.class, finished -> assertThat(finished.reason()).isEqualTo(reason));
    assertThat(attempt.trouble()).isEqualTo(Trouble.NONE);
  }

  static void assertFailed(Attempt attempt, ErrorType type, Trouble trouble) {
    assertThat(attempt.outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.type()).isEqualTo(type));
    assertThat(attempt.trouble()).as(attempt.toString()).isEqualTo(trouble);
  }

  static String cause(Attempt attempt) {
    return ((Outcome.Failed) attempt.outcome()).cause();
  }
}
