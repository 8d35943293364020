package dev.askape.provider.apis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.provider.http.Asking;
import dev.askape.provider.http.FakeUpstream;
import dev.askape.provider.http.Loops;
import dev.askape.provider.http.RecordingSink;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An interrupt ends the call upstream at once, in every dialect.
class CancelTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private static Loops loops;

  private final CompletableFuture<Boolean> closed = new CompletableFuture<>();
  private final CompletableFuture<Boolean> asked = new CompletableFuture<>();
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
  @EnumSource
  void closesTheConnectionBeforeTheHeadCame(Wire wire) throws Exception {
    try (var upstream =
            new FakeUpstream(exchange -> {
              asked.complete(true);
              closed.complete(exchange.isClosedByClient());
            });
        var provider = wire.api.open(Asking.settings(upstream.base()), loops.all())) {
      var asking = Asking.start(provider, "m", sink);
      assertThat(asked).succeedsWithin(SOON);

      asking.thread().interrupt();

      assertThat(closed).succeedsWithin(SOON).isEqualTo(true);
      assertThat(asking.outcome())
          .failsWithin(SOON)
          .withThrowableThat()
          .withCauseInstanceOf(InterruptedException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void closesTheConnectionInMidStream(Wire wire) throws Exception {
    try (var upstream =
            new FakeUpstream(exchange -> {
              exchange.startChunked();
              exchange.chunk(wire.start() + wire.text("Hello"));
              closed.complete(exchange.isClosedByClient());
            });
        var provider = wire.api.open(Asking.settings(upstream.base()), loops.all())) {
      var asking = Asking.start(provider, "m", sink);
      assertThat(sink.first.await(10, TimeUnit.SECONDS)).isTrue();

      asking.thread().interrupt();

      assertThat(closed).succeedsWithin(SOON).isEqualTo(true);
      assertThat(asking.outcome())
          .failsWithin(SOON)
          .withThrowableThat()
          .withCauseInstanceOf(InterruptedException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsTheSinkNothingAfterItReturned(Wire wire) throws Exception {
    try (var upstream =
            new FakeUpstream(exchange -> {
              exchange.startStream();
              exchange.write(wire.start());
              while (true) {
                exchange.write(wire.text("x"));
              }
            });
        var provider = wire.api.open(Asking.settings(upstream.base()), loops.all())) {
      var asking = Asking.start(provider, "m", sink);
      assertThat(sink.first.await(10, TimeUnit.SECONDS)).isTrue();

      asking.thread().interrupt();
      asking.thread().join();
      int said = sink.fragments.size();
      for (var loop : loops.all()) {
        loop.submit(() -> {}).sync();
      }

      assertThat(sink.fragments).hasSize(said);
    }
  }

  @ParameterizedTest
  @EnumSource
  void doesNotAskWhenItIsInterruptedAlready(Wire wire) throws Exception {
    try (var upstream = new FakeUpstream(exchange -> exchange.reply(200, "text/plain", ""));
        var provider = wire.api.open(Asking.settings(upstream.base()), loops.all())) {
      var outcome = new CompletableFuture<Boolean>();
      Thread.ofVirtual()
          .start(() -> {
            Thread.currentThread().interrupt();
            try {
              Asking.ask(provider, "m", Asking.PROMPT, sink);
              outcome.complete(false);
            } catch (InterruptedException _) {
              outcome.complete(true);
            }
          });

      assertThat(outcome).succeedsWithin(SOON).isEqualTo(true);
      assertThat(upstream.requests()).isEmpty();
    }
  }
}
