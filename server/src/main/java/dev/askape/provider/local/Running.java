package dev.askape.provider.local;

import dev.askape.chat.LanguageModel;
import dev.askape.provider.CallOptions;
import dev.askape.provider.Timeouts;
import dev.askape.provider.http.EndpointSettings;
import dev.askape.provider.http.HttpProvider;
import dev.askape.provider.openai.OpenAiDialect;
import dev.askape.provider.policy.Policy;
import dev.askape.provider.policy.ProviderPolicy;
import io.netty.channel.EventLoop;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A child that listens, and the provider that asks it.
final class Running implements AutoCloseable {
  /// A child that hangs is killed long before these; they are for one that is slow. The first token
  /// comes after the whole prompt has been read.
  private static final Timeouts TIMEOUTS =
      new Timeouts(
          Duration.ofSeconds(2),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofMinutes(5));

  private static final Policy.Concurrency PLACES =
      new Policy.Concurrency(LocalSettings.PARALLEL, LocalSettings.QUEUE, Duration.ofMinutes(2));

  private static final Duration DYING = Duration.ofMillis(500);

  private final Child child;
  private final HttpProvider provider;
  private final ProviderPolicy policy =
      new ProviderPolicy(LocalModels.PROVIDER, PLACES, Policy.Budget.DEFAULTS);
  private final Health health;
  private volatile boolean spoken;

  Running(Child child, int port, List<EventLoop> loops) {
    this.child = child;
    this.provider =
        new HttpProvider(
            EndpointSettings.of(
                    LocalModels.PROVIDER,
                    URI.create("http://127.0.0.1:" + port + "/v1"),
                    Optional.of(child.key()))
                .withTimeouts(TIMEOUTS)
                .withMaxConcurrentCalls(LocalSettings.PARALLEL),
            new OpenAiDialect(),
            loops);
    this.health = new Health(port, child.key());
  }

  /// One of its models. Who asks waits for one of the few answers that it computes at once. It is
  /// asked once: the process is watched and started again, which a second try would only hide.
  LanguageModel language(String id) {
    return policy.once(id, provider.upstream(id, CallOptions.DEFAULTS), TIMEOUTS.total());
  }

  /// Whether it has ended or is about to: its port is closed a moment before the process is gone.
  boolean isEnding() throws InterruptedException {
    return child.endsWithin(DYING);
  }

  void hasSpoken() {
    if (!spoken) {
      spoken = true;
    }
  }

  boolean spoke() {
    return spoken;
  }

  /// Returns why it is no longer of use: it has ended, or does not answer any more and was killed.
  String untilEnd(LocalSettings.Limits limits) throws InterruptedException {
    long lastSign = System.nanoTime();
    while (!child.endsWithin(limits.look())) {
      switch (health.look()) {
        case WELL -> lastSign = System.nanoTime();
        case STUCK -> {
          child.kill();
          return "was stuck and was killed";
        }
        case NONE -> {
          if (System.nanoTime() - lastSign > limits.unanswered().toNanos()) {
            child.kill();
            return "did not answer any more and was killed";
          }
        }
      }
    }
    return child.end();
  }

  @Override
  public void close() {
    provider.close();
    health.close();
  }
}
