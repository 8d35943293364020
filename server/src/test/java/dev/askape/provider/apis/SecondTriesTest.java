package dev.askape.provider.apis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.Outcome;
import dev.askape.http.EventLoops;
import dev.askape.provider.CallOptions;
import dev.askape.provider.http.Asking;
import dev.askape.provider.http.RecordingSink;
import dev.askape.provider.policy.Policy;
import dev.askape.provider.policy.ProviderPolicy;
import dev.askape.standin.StandInProvider;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How often a provider is asked that refuses everything.
class SecondTriesTest {
  private static final int QUESTIONS = 200;
  private static final Policy NO_BREAKER =
      new Policy(
          new Policy.Retries(3, Duration.ZERO, Duration.ZERO, Duration.ZERO),
          new Policy.Breaker(
              100_000,
              100,
              Duration.ofSeconds(30),
              Duration.ofSeconds(1),
              1,
              Duration.ofSeconds(1)),
          Duration.ofMinutes(1));

  /// Ten at once, for the first five questions; then one for every ten questions.
  @Test
  void asksATenthMoreAndNoMore() throws Exception {
    try (var loops = EventLoops.start(1);
        var standIn = StandInProvider.start(loops, "127.0.0.1", 0);
        var provider = Api.OPENAI.open(Asking.settings(standIn.baseUrl()), loops.loops())) {
      var policy = new ProviderPolicy("p", Policy.Concurrency.DEFAULTS, new Policy.Budget(10));
      var id = "fake-a:fail=503";
      var model =
          policy.guard(
              id, provider.upstream(id, CallOptions.DEFAULTS), NO_BREAKER, Optional.empty());
      for (int i = 0; i < QUESTIONS; i++) {
        assertThat(model.answer(Asking.PROMPT, new RecordingSink()))
            .isInstanceOf(Outcome.Failed.class);
      }

      assertThat(standIn.calls(id).count()).isEqualTo(QUESTIONS + QUESTIONS / 10);
    }
  }
}
