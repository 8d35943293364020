package dev.askape.provider.local;

import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the thread of [LocalModels] does: gets the weights, then keeps a child running until it is
/// interrupted. For one thread.
final class Supervision {
  private static final Logger LOG = LoggerFactory.getLogger(Supervision.class);

  /// The longest pause before a fetch is tried again, in first ones.
  private static final int LONGEST_REFETCH = 10;

  private final LocalModels models;
  private final LocalSettings settings;
  private final LocalSettings.Limits limits;
  private final Weights weights;
  private final List<EventLoop> loops;
  private final Consumer<Boolean> served;
  private Duration pause;
  private int failedStarts;
  private boolean announced;
  private boolean suspect;

  Supervision(
      LocalModels models,
      LocalSettings settings,
      Weights weights,
      List<EventLoop> loops,
      Consumer<Boolean> served) {
    this.models = models;
    this.settings = settings;
    this.limits = settings.limits();
    this.weights = weights;
    this.loops = loops;
    this.served = served;
    this.pause = limits.firstPause();
  }

  /// @throws NotReady when nothing more can be done
  void run() throws NotReady, InterruptedException {
    var file = weights();
    while (true) {
      if (suspect && areDamaged()) {
        file = weights();
      }
      suspect = false;
      models.becomeStarting();
      var end = serve(file);
      LOG.warn(
          "The process of the local models {}; starting it again in {} ms", end, pause.toMillis());
      Thread.sleep(pause);
      pause = shorter(pause.multipliedBy(2), limits.longestPause());
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private Path weights() throws NotReady, InterruptedException {
    models.becomeWaiting("the weights are being fetched");
    var said = "";
    var wait = limits.refetch();
    while (true) {
      try {
        return weights.ready();
      } catch (NotReady e) {
        if (!e.isPassing()) {
          throw e;
        }
        models.becomeWaiting(e.words());
        if (!said.equals(e.words())) {
          LOG.warn("No local models yet: {}", e.words());
          said = e.words();
        }
        Thread.sleep(wait);
        wait = shorter(wait.multipliedBy(2), limits.refetch().multipliedBy(LONGEST_REFETCH));
      }
    }
  }

  /// Runs one child from its start to its end.
  ///
  /// @return how it ended
  private String serve(Path file) throws NotReady, InterruptedException {
    try (var child = Child.start(settings, file)) {
      int port = child.awaitPort(limits.start());
      failedStarts = 0;
      long since = System.nanoTime();
      try (var running = new Running(child, port, loops)) {
        models.becomeReady(running);
        announce(child);
        var end = running.untilEnd(limits);
        models.becomeStarting();
        if (running.spoke() || System.nanoTime() - since > limits.steady().toNanos()) {
          pause = limits.firstPause();
        }
        return end;
      }
    } catch (NotReady e) {
      failedStarts++;
      suspect = true;
      if ((!e.isPassing() || failedStarts >= limits.starts()) && !areDamaged()) {
        throw NotReady.forGood(e.words());
      }
      return "did not start: " + e.words();
    }
  }

  private boolean areDamaged() {
    try {
      return !weights.areThere();
    } catch (NotReady _) {
      return true; // what is wrong is said when they are made ready again
    }
  }

  private void announce(Child child) {
    LOG.info(
        "The local models are ready: local/smollm2 and local/smollm2-inventive ({} threads, process {})",
        settings.threads(),
        child.pid());
    if (!announced) {
      announced = true;
      served.accept(true);
    }
  }
}
