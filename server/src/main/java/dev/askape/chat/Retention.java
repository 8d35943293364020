package dev.askape.chat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes guests' sessions in which nothing was said for so long. One virtual thread, ended by
/// [#close()].
public final class Retention implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final int AT_ONCE = 100;
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final Chat chat;
  private final ConversationStore store;
  private final Duration guests;
  private final InstantSource clock;
  private final Thread thread;

  private Retention(Chat chat, ConversationStore store, Duration guests, InstantSource clock) {
    this.chat = chat;
    this.store = store;
    this.guests = guests;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("retention").unstarted(this::run);
  }

  /// Begins at once, and looks again every minute.
  ///
  /// @param guests how long a guest's session is kept after its last message
  public static Retention start(
      Chat chat, ConversationStore store, Duration guests, InstantSource clock) {
    var retention = new Retention(chat, store, guests, clock);
    retention.thread.start();
    return retention;
  }

  private void run() {
    while (true) {
      try {
        once();
        TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
      } catch (StorageException e) {
        LOG.warn("old sessions of guests were not deleted: {}", e.getMessage());
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  /// One that cannot be deleted just now is left for the next time.
  private void once() throws InterruptedException {
    var before = clock.instant().minus(guests);
    int deleted = 0;
    int some = AT_ONCE;
    while (some == AT_ONCE) {
      some = 0;
      for (var session : store.listIdleGuestSessions(before, AT_ONCE)) {
        some += chat.expire(session, before) ? 1 : 0;
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
      deleted += some;
    }
    if (deleted > 0) {
      LOG.info(
          "{} sessions of guests were deleted: nothing was said in them for {}", deleted, guests);
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
