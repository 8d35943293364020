package dev.askape.provider.openai;

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
import org.junit.jupiter.api.Test;

/// An interrupt ends the call upstream at once.
class OpenAiCancelTest {
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

  @Test
  void closesTheConnectionBeforeTheHeadCame() throws Exception {
    try (var upstream =
            new FakeUpstream(exchange -> {
              asked.complete(true);
              closed.complete(exchange.isClosedByClient());
            });
        var provider = OpenAi.provider(Asking.settings(upstream.base()), loops.all())) {
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

  @Test
  void closesTheConnectionInMidStream() throws Exception {
    try (var upstream =
            new FakeUpstream(exchange -> {
              exchange.startChunked();
              exchange.chunk("data: {\"choices\":[{\"delta\":{\"content\":\"Hello\"}}]}\n\n");
              closed.complete(exchange.isClosedByClient());
            });
        var provider = OpenAi.provider(Asking.settings(upstream.base()), loops.all())) {
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

  @Test
  void tellsTheSinkNothingAfterItReturned() throws Exception {
    try (var upstream =
            new FakeUpstream(exchange -> {
              exchange.startStream();
              while (true) {
                exchange.write("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n");
              }
            });
        var provider = OpenAi.provider(Asking.settings(upstream.base()), loops.all())) {
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

  @Test
  void doesNotAskWhenItIsInterruptedAlready() throws Exception {
    try (var upstream = new FakeUpstream(exchange -> exchange.reply(200, "text/plain", ""));
        var provider = OpenAi.provider(Asking.settings(upstream.base()), loops.all())) {
      var outcome = new CompletableFuture<Boolean>();
      Thread.ofVirtual()
          .start(() -> {
            Thread.currentThread().interrupt();
            try {
              provider.model("m").answer(Asking.PROMPT, sink);
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
