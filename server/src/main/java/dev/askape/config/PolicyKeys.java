package dev.askape.config;

import static dev.askape.config.Type.whole;
import static dev.askape.config.Units.duration;

import dev.askape.config.Key.Absence;
import dev.askape.provider.Timeouts;
import dev.askape.provider.policy.Policy;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// The keys that say how a provider is asked, which can be given for a provider and again for one
/// of its models.
final class PolicyKeys {
  private static final int MANY = 1_000_000;

  private final TimeoutsKeys timeouts;
  private final RetriesKeys retries;
  private final BreakerKeys breaker;
  private final ConcurrencyKeys concurrency;

  /// @param section where they are, such as `models[]`
  /// @param hasDefaults else what is not written is as its provider has it
  /// @param catalogue told of each key, in order
  PolicyKeys(String section, boolean hasDefaults, Consumer<Key<?>> catalogue) {
    var in = new Section(section, hasDefaults, catalogue);
    timeouts = new TimeoutsKeys(in);
    retries = new RetriesKeys(in);
    breaker = new BreakerKeys(in);
    concurrency = new ConcurrencyKeys(in);
  }

  Timeouts timeouts(Reading in, Timeouts otherwise) {
    return timeouts.read(in, otherwise);
  }

  Policy.Retries retries(Reading in, Policy.Retries otherwise) {
    return retries.read(in, otherwise);
  }

  Policy.Breaker breaker(Reading in, Policy.Breaker otherwise) {
    return breaker.read(in, otherwise);
  }

  /// Empty when nothing of it is written and nothing holds without being written.
  Optional<Policy.Concurrency> concurrency(Reading in) {
    return concurrency.read(in);
  }

  private record Section(String path, boolean hasDefaults, Consumer<Key<?>> catalogue) {
    <T> Key<T> key(String name, Type<T> type, String fallback, String meaning) {
      var key =
          new Key<>(
              path + "." + name,
              type,
              hasDefaults ? new Absence.Default(fallback) : new Absence.Unset(),
              hasDefaults ? meaning : meaning + "; without it as for its provider");
      catalogue.accept(key);
      return key;
    }

    <T> T value(Reading in, Key<T> key, T otherwise) {
      return read(in, key).orElse(otherwise);
    }

    <T> Optional<T> read(Reading in, Key<T> key) {
      return hasDefaults ? Optional.of(in.get(key)) : in.find(key);
    }
  }

  private static final class TimeoutsKeys {
    private final Section section;
    private final Key<Duration> connect;
    private final Key<Duration> headers;
    private final Key<Duration> firstToken;
    private final Key<Duration> betweenTokens;
    private final Key<Duration> total;

    TimeoutsKeys(Section section) {
      this.section = section;
      connect = section.key("timeouts.connect", duration("1ms", "5m"), "5s", "until connected");
      headers =
          section.key(
              "timeouts.headers",
              duration("1ms", "1h"),
              "30s",
              "from the request until the answer's headers");
      firstToken =
          section.key(
              "timeouts.first-token",
              duration("1ms", "1h"),
              "60s",
              "from the answer's headers until the first token");
      betweenTokens =
          section.key(
              "timeouts.between-tokens",
              duration("1ms", "1h"),
              "60s",
              "from one token until the next");
      total =
          section.key(
              "timeouts.total",
              duration("1ms", "24h"),
              "5m",
              "for a whole answer, further tries included");
    }

    Timeouts read(Reading in, Timeouts otherwise) {
      return new Timeouts(
          section.value(in, connect, otherwise.connect()),
          section.value(in, headers, otherwise.headers()),
          section.value(in, firstToken, otherwise.firstToken()),
          section.value(in, betweenTokens, otherwise.betweenTokens()),
          section.value(in, total, otherwise.total()));
    }
  }

  private static final class RetriesKeys {
    private final Section section;
    private final Key<Integer> attempts;
    private final Key<Duration> firstPause;
    private final Key<Duration> longestPause;
    private final Key<Duration> longestWait;

    RetriesKeys(Section section) {
      this.section = section;
      attempts =
          section.key(
              "retries.attempts",
              whole(1, 10),
              "3",
              "tries in all. A further one is made only while nothing was said, when there was no connection and after the statuses 408, 409, 425, 429 and 5xx");
      firstPause =
          section.key(
              "retries.first-pause",
              duration("0", "1m"),
              "500ms",
              "before the second try, at most: the pause is any length up to it, and twice as long before each further try");
      longestPause =
          section.key(
              "retries.longest-pause", duration("0", "10m"), "8s", "what that doubling ends at");
      longestWait =
          section.key(
              "retries.longest-wait",
              duration("0", "10m"),
              "20s",
              "a provider that says when to come back is asked then, unless that is later than this: then it is not asked again");
    }

    Policy.Retries read(Reading in, Policy.Retries otherwise) {
      return new Policy.Retries(
          section.value(in, attempts, otherwise.attempts()),
          section.value(in, firstPause, otherwise.firstPause()),
          section.value(in, longestPause, otherwise.longestPause()),
          section.value(in, longestWait, otherwise.longestWait()));
    }
  }

  private static final class BreakerKeys {
    private final Section section;
    private final Key<Integer> calls;
    private final Key<Integer> failures;
    private final Key<Duration> window;
    private final Key<Duration> open;
    private final Key<Integer> probes;
    private final Key<Duration> refusedKey;

    BreakerKeys(Section section) {
      this.section = section;
      calls =
          section.key(
              "breaker.calls",
              whole(1, 100_000),
              "20",
              "calls within the window before a failing model is left alone");
      failures =
          section.key("breaker.failures", Units.percent(1), "50%", "how many of them have to fail");
      window = section.key("breaker.window", duration("1s", "1h"), "30s", "what counts as now");
      open =
          section.key(
              "breaker.open",
              duration("1ms", "1h"),
              "10s",
              "how long it is left alone, or up to half as long again");
      probes =
          section.key(
              "breaker.probes", whole(1, 1_000), "2", "calls that are let through then, to see");
      refusedKey =
          section.key(
              "breaker.refused-key",
              duration("1ms", "24h"),
              "60s",
              "how long it is left alone when it does not accept the key");
    }

    Policy.Breaker read(Reading in, Policy.Breaker otherwise) {
      return new Policy.Breaker(
          section.value(in, calls, otherwise.calls()),
          section.value(in, failures, otherwise.failurePercent()),
          section.value(in, window, otherwise.window()),
          section.value(in, open, otherwise.open()),
          section.value(in, probes, otherwise.probes()),
          section.value(in, refusedKey, otherwise.refusedKey()));
    }
  }

  private static final class ConcurrencyKeys {
    private final Section section;
    private final Key<Integer> calls;
    private final Key<Integer> queue;
    private final Key<Duration> queueWait;

    ConcurrencyKeys(Section section) {
      this.section = section;
      calls = section.key("concurrency.calls", whole(1, MANY), "1000", "answers at once");
      queue =
          section.key(
              "concurrency.queue",
              whole(0, MANY),
              "1000",
              "answers that may wait for their turn; more are `busy`");
      queueWait =
          section.key(
              "concurrency.wait",
              duration("0", "10m"),
              "10s",
              "how long one waits for its turn before it is `busy`");
    }

    Optional<Policy.Concurrency> read(Reading in) {
      var written =
          new Written(
              section.read(in, calls), section.read(in, queue), section.read(in, queueWait));
      return written.isEmpty()
          ? Optional.empty()
          : Optional.of(written.over(Policy.Concurrency.DEFAULTS));
    }
  }

  private record Written(
      Optional<Integer> calls, Optional<Integer> queue, Optional<Duration> maxWait) {
    boolean isEmpty() {
      return calls.isEmpty() && queue.isEmpty() && maxWait.isEmpty();
    }

    Policy.Concurrency over(Policy.Concurrency usual) {
      return new Policy.Concurrency(
          calls.orElse(usual.calls()),
          queue.orElse(usual.queue()),
          maxWait.orElse(usual.maxWait()));
    }
  }
}
