package dev.askape.storage.spool;

import static dev.askape.storage.spool.Spools.soon;

import dev.askape.chat.MessageId;
import dev.askape.chat.StorageException;
import dev.askape.storage.sqlite.Confirmed;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConfirmationsTest {
  private final List<Confirmed> told = new CopyOnWriteArrayList<>();
  private final AtomicInteger calls = new AtomicInteger();

  @Test
  void tellsAgainWhatASpoolDidNotTake() {
    var first = new Confirmed(new MessageId("1"), Optional.empty());
    var second = new Confirmed(new MessageId("2"), Optional.empty());
    try (var confirmations = new Confirmations(this::take)) {
      confirmations.add(first);
      soon().until(() -> calls.get() == 1);
      confirmations.add(second);

      soon().until(() -> Set.copyOf(told).equals(Set.of(first, second)));
    }
  }

  private void take(List<Confirmed> some) {
    if (calls.incrementAndGet() == 1) {
      throw new StorageException("the disk is full");
    }
    told.addAll(some);
  }
}
