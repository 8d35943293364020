package dev.askape.gateway;

import dev.askape.chat.HandSession;
import dev.askape.chat.MovedClock;
import dev.askape.chat.SessionViewer;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A session moved by hand, an event loop that runs when the test says so, and viewers on it.
final class Viewers implements AutoCloseable {
  final MovedClock clock = new MovedClock();
  final HandSession hand = new HandSession("s", clock);
  final GatewaySettings settings;
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final AnswerRendering.Cache renderings = new AnswerRendering.Cache();
  final Viewer.Surroundings around;
  final List<SessionViewer.Reason> dropped = new ArrayList<>();

  /// @param merge how far apart the chunks of one answer are at least
  Viewers(Duration merge) {
    var defaults = GatewaySettings.defaults();
    settings =
        new GatewaySettings(
            defaults.messageCharacters(),
            defaults.modelsPerTurn(),
            defaults.sessionsPerSocket(),
            defaults.eventsPerSecond(),
            defaults.eventsBurst(),
            merge,
            Integer.MAX_VALUE,
            defaults.historyWait(),
            defaults.historyEntries(),
            defaults.historyPage(),
            defaults.historyPageMax());
    channel.freezeTime();
    around = new Viewer.Surroundings(loop(), new Ticker(loop(), merge), renderings, settings);
  }

  EventLoop loop() {
    return channel.eventLoop();
  }

  Viewer viewer(Outlet outlet, StreamMode mode) {
    return new Viewer(hand.session().id(), outlet, around, mode, (_, why) -> dropped.add(why));
  }

  /// A viewer that has joined and is open.
  Viewer joined(Outlet outlet, StreamMode mode) {
    return joined(outlet, mode, Map.of());
  }

  Viewer joined(Outlet outlet, StreamMode mode, Map<String, Integer> known) {
    var viewer = viewer(outlet, mode);
    var joined = hand.join(viewer);
    loop().execute(() -> viewer.open(joined, known));
    run();
    return viewer;
  }

  /// Runs what waits on the loop.
  void run() {
    channel.runPendingTasks();
  }

  /// Lets the loop's time go by, and runs what is due then.
  void pass(Duration time) {
    channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
    channel.runPendingTasks();
  }

  @Override
  public void close() {
    channel.unfreezeTime();
    channel.finishAndReleaseAll();
  }
}
