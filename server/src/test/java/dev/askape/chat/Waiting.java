package dev.askape.chat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/// Waits for what other threads are about to do: looks often, and gives up late.
public final class Waiting {
  private Waiting() {}

  public static ConditionFactory soon() {
    return Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(3))
        .atMost(Duration.ofSeconds(ScriptedModel.PATIENCE_SECONDS));
  }
}
