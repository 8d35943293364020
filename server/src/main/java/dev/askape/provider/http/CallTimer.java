package dev.askape.provider.http;

import dev.askape.provider.Timeouts;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The clock of one call: one stage after the other, each with its own limit, and one limit for
/// all. Confined to the call's event loop.
///
/// A word only notes the time; the one scheduled task looks when it is due whether time is really
/// up and, if not, is scheduled again for the rest.
final class CallTimer {
  /// What a call is waiting for.
  enum Stage {
    CONNECTION("a connection"),
    HEADERS("the response"),
    FIRST_TOKEN("the first token"),
    TOKENS("the next token"),
    /// The model is done; what may still come is usage and the end of the stream.
    END("the end of the stream");

    private final String what;

    Stage(String what) {
      this.what = what;
    }
  }

  private static final Duration END_GRACE = Duration.ofSeconds(5);

  private final EventLoop loop;
  private final Timeouts timeouts;
  private final long totalDeadline;
  private final Consumer<String> expired;
  private final LongSupplier clock;

  private Stage stage = Stage.CONNECTION;
  private long since;
  private @Nullable Future<?> task;

  /// @param totalDeadline of the clock
  /// @param expired told once, what was waited for
  /// @param clock nanoseconds, such as [System#nanoTime]
  CallTimer(
      EventLoop loop,
      Timeouts timeouts,
      long totalDeadline,
      Consumer<String> expired,
      LongSupplier clock) {
    this.loop = loop;
    this.timeouts = timeouts;
    this.totalDeadline = totalDeadline;
    this.expired = expired;
    this.clock = clock;
    this.since = clock.getAsLong();
  }

  void enter(Stage next) {
    stage = next;
    since = clock.getAsLong();
    schedule();
  }

  /// A word came: the wait for the next one begins.
  void token() {
    if (stage == Stage.FIRST_TOKEN) {
      enter(Stage.TOKENS);
    } else {
      since = clock.getAsLong();
    }
  }

  /// Whether there is no connection yet, so that nothing was sent.
  boolean isConnecting() {
    return stage == Stage.CONNECTION;
  }

  void stop() {
    if (task != null) {
      task.cancel(false);
      task = null;
    }
  }

  private void schedule() {
    stop();
    long wait = Math.max(0, deadline() - clock.getAsLong());
    task = loop.schedule(this::check, wait, TimeUnit.NANOSECONDS);
  }

  private void check() {
    task = null;
    long now = clock.getAsLong();
    if (deadline() - now > 0) {
      schedule();
    } else if (totalDeadline - now <= 0) {
      expired.accept("no end in the time for all of it");
    } else {
      expired.accept("waited " + limit().toMillis() + " ms for " + stage.what);
    }
  }

  private long deadline() {
    long stageDeadline = since + limit().toNanos();
    return stageDeadline - totalDeadline < 0 ? stageDeadline : totalDeadline;
  }

  private Duration limit() {
    return switch (stage) {
      case CONNECTION -> timeouts.connect();
      case HEADERS -> timeouts.headers();
      case FIRST_TOKEN -> timeouts.firstToken();
      case TOKENS -> timeouts.betweenTokens();
      case END ->
          END_GRACE.compareTo(timeouts.betweenTokens()) < 0 ? END_GRACE : timeouts.betweenTokens();
    };
  }
}
