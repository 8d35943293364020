package dev.askape.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The answers that are awaited of a client. Safe for any thread.
final class PendingAcks {
  private final int max;
  private final AtomicLong lastId = new AtomicLong();
  private final Map<Long, CompletableFuture<List<JsonNode>>> awaited = new ConcurrentHashMap<>();
  private volatile @Nullable CloseReason ended;

  PendingAcks(int max) {
    this.max = max;
  }

  /// Sends with a fresh id, and waits.
  List<JsonNode> await(Duration timeout, LongConsumer send)
      throws TimeoutException, InterruptedException {
    if (awaited.size() >= max) {
      throw new IllegalStateException("too many answers are awaited");
    }
    long id = lastId.incrementAndGet();
    var answer = new CompletableFuture<List<JsonNode>>();
    awaited.put(id, answer);
    try {
      CloseReason reason = ended;
      if (reason != null) {
        throw new NotConnectedException("disconnected: " + reason);
      }
      send.accept(id);
      return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (CancellationException | ExecutionException _) {
      throw new NotConnectedException("disconnected: " + ended);
    } finally {
      awaited.remove(id);
    }
  }

  /// An answer that is not awaited, or not any more, is no fault.
  void answer(long id, List<JsonNode> args) {
    CompletableFuture<List<JsonNode>> answer = awaited.get(id);
    if (answer != null) {
      answer.complete(args);
    }
  }

  void fail(CloseReason reason) {
    ended = reason;
    awaited.values().forEach(answer -> answer.cancel(false));
  }
}
