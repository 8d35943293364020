package dev.askape.chat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What has to be done from time to time: checkpoints of running answers, shortening logs,
/// forgetting idle sessions. One virtual thread, ended by [#close()].
final class Housekeeping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

  private final Sessions sessions;
  private final Turns turns;
  private final ChatSettings settings;
  private final InstantSource clock;
  private final Thread thread;

  Housekeeping(Sessions sessions, Turns turns, ChatSettings settings, InstantSource clock) {
    this.sessions = sessions;
    this.turns = turns;
    this.settings = settings;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("housekeeping").start(this::run);
  }

  private void run() {
    while (true) {
      try {
        TimeUnit.MILLISECONDS.sleep(settings.checkpoint().toMillis());
      } catch (InterruptedException e) {
        return;
      }
      once();
    }
  }

  // one failing round must not be the last one
  @SuppressWarnings("IllegalCatch")
  private void once() {
    try {
      turns.checkpoint();
      var forgetBefore = clock.instant().minus(settings.logRetention());
      sessions.forEach(session -> session.trim(forgetBefore));
      sessions.retireIdle(settings.linger());
    } catch (RuntimeException e) {
      LOG.error("housekeeping failed", e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
