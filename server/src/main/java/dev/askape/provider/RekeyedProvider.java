package dev.askape.provider;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.askape.chat.AnswerSink;
import dev.askape.chat.ErrorType;
import dev.askape.chat.Outcome;
import dev.askape.chat.Prompt;
import dev.askape.provider.Attempt.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A provider whose key comes from a file or a command, and can change while the server runs: the
/// key is read again when the provider refuses it, not more often than every few seconds, and the
/// question is asked once more if it is another one. Safe for any thread.
public final class RekeyedProvider implements Provider {
  private static final Logger LOG = LoggerFactory.getLogger(RekeyedProvider.class);
  private static final Duration LEAST_AGE = Duration.ofSeconds(10);

  private final KeySource source;
  private final Function<Secret, Provider> opening;
  private final LongSupplier nanos;
  private final ReentrantLock reading = new ReentrantLock();

  @GuardedBy("reading")
  private long readAt;

  private volatile Keyed current;

  private record Keyed(Secret key, Provider provider) {}

  /// @param first what the source gave at start
  /// @param opening makes the provider for a key
  public RekeyedProvider(
      KeySource source, Secret first, Function<Secret, Provider> opening, LongSupplier nanos) {
    this.source = source;
    this.opening = opening;
    this.nanos = nanos;
    this.readAt = nanos.getAsLong();
    this.current = new Keyed(first, opening.apply(first));
  }

  @Override
  public String name() {
    return current.provider().name();
  }

  @Override
  public Upstream upstream(String id, CallOptions options) {
    return new RekeyedUpstream(id, options, current);
  }

  @Override
  public List<ListedModel> listModels(Duration timeout) throws InterruptedException {
    var keyed = current;
    try {
      return keyed.provider().listModels(timeout);
    } catch (ProviderException e) {
      var other = e.type() == ErrorType.UNAUTHORIZED ? after(keyed) : Optional.<Keyed>empty();
      if (other.isEmpty()) {
        throw e;
      }
      return other.get().provider().listModels(timeout);
    }
  }

  @Override
  public void close() {
    current.provider().close();
  }

  /// The provider with another key than the refused one; empty when there is none.
  private Optional<Keyed> after(Keyed refused) throws InterruptedException {
    reading.lockInterruptibly();
    try {
      if (!current.equals(refused)) {
        return Optional.of(current);
      }
      if (nanos.getAsLong() - readAt < LEAST_AGE.toNanos()) {
        return Optional.empty();
      }
      readAt = nanos.getAsLong();
      var key = source.read();
      if (key.equals(refused.key())) {
        return Optional.empty();
      }
      LOG.info("{}: the key was refused, and is another one now", name());
      current = new Keyed(key, opening.apply(key));
      refused.provider().close();
      return Optional.of(current);
    } catch (KeySource.UnreadableKey e) {
      LOG.warn("{}: the key was refused, and there is no other: {}", name(), e.getMessage());
      return Optional.empty();
    } finally {
      reading.unlock();
    }
  }

  /// One model, whichever key is in use. What was learnt about it lives as long as the key.
  private final class RekeyedUpstream implements Upstream {
    private final String id;
    private final CallOptions options;
    private volatile Asked asked;

    private record Asked(Keyed keyed, Upstream upstream) {}

    RekeyedUpstream(String id, CallOptions options, Keyed keyed) {
      this.id = id;
      this.options = options;
      this.asked = with(keyed);
    }

    private Asked with(Keyed keyed) {
      return new Asked(keyed, keyed.provider().upstream(id, options));
    }

    private Upstream upstream(Keyed keyed) {
      var known = asked;
      if (!known.keyed().equals(keyed)) {
        known = with(keyed);
        asked = known;
      }
      return known.upstream();
    }

    @Override
    public Attempt ask(Prompt prompt, AnswerSink sink, long deadline) throws InterruptedException {
      var keyed = current;
      var attempt = upstream(keyed).ask(prompt, sink, deadline);
      if (attempt.trouble() != Trouble.KEY || !(attempt.outcome() instanceof Outcome.Failed)) {
        return attempt;
      }
      var other = after(keyed);
      return other.isEmpty() ? attempt : upstream(other.get()).ask(prompt, sink, deadline);
    }
  }
}
