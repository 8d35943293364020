package dev.askape.provider.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BulkheadTest {
  private static CompletableFuture<Boolean> entering(Bulkhead bulkhead) {
    var entered = new CompletableFuture<Boolean>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            entered.complete(bulkhead.enter());
          } catch (InterruptedException e) {
            entered.completeExceptionally(e);
          }
        });
    return entered;
  }

  private static void awaitQueue(Bulkhead bulkhead, int length) {
    await().until(() -> bulkhead.waiting() == length);
  }

  @Test
  void letsOneInWhenAnotherLeaves() throws Exception {
    var bulkhead = new Bulkhead(new Policy.Concurrency(1, 1, Duration.ofMinutes(1)));
    assertThat(bulkhead.enter()).isTrue();
    var second = entering(bulkhead);
    awaitQueue(bulkhead, 1);

    assertThat(bulkhead.enter()).as("over the queue").isFalse();
    bulkhead.leave();
    assertThat(second.join()).isTrue();
  }

  @Test
  void turnsAwayWhatWaitedTooLong() throws Exception {
    var bulkhead = new Bulkhead(new Policy.Concurrency(1, 1, Duration.ofMillis(1)));
    assertThat(bulkhead.enter()).isTrue();

    assertThat(bulkhead.enter()).isFalse();
    bulkhead.leave();
    assertThat(bulkhead.enter()).isTrue();
  }

  @Test
  void forgetsWhoIsInterrupted() throws Exception {
    var bulkhead = new Bulkhead(new Policy.Concurrency(1, 1, Duration.ofMinutes(1)));
    assertThat(bulkhead.enter()).isTrue();
    var refused = new CompletableFuture<Boolean>();
    var thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                refused.complete(bulkhead.enter());
              } catch (InterruptedException e) {
                refused.completeExceptionally(e);
              }
            });
    awaitQueue(bulkhead, 1);
    thread.interrupt();

    assertThat(refused.handle((_, e) -> e).join()).isInstanceOf(InterruptedException.class);
    assertThat(bulkhead.waiting()).isZero();
  }
}
