package dev.askape.storage;

import dev.askape.storage.spool.FaultyStore;
import dev.askape.storage.spool.FaultyStore.Fault;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/// Every call of the primary store goes well or wrong by chance; a run with the same seed has the
/// same chances.
class FailoverFlappingTest extends FailoverContract {
  private static final Fault[] CHANCES = {
    Fault.NONE,
    Fault.NONE,
    Fault.NONE,
    Fault.NONE,
    Fault.SLOW,
    Fault.REFUSE,
    Fault.RESET,
    Fault.LOSE_ANSWER,
    Fault.LOSE_ANSWER,
    Fault.HANG
  };

  private long seed = 1;

  @BeforeEach
  void seed(TestInfo test) {
    seed = test.getDisplayName().hashCode();
  }

  @Override
  Duration patience() {
    return Duration.ofMillis(20);
  }

  @Override
  void begin(FaultyStore primary) {
    var random = new Random(seed);
    primary.set(() -> CHANCES[random.nextInt(CHANCES.length)]);
  }
}
