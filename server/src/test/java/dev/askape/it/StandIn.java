package dev.askape.it;

import dev.askape.http.EventLoops;
import dev.askape.standin.StandInProvider;
import java.net.URI;

/// The stand-in provider, in this process, on event loops of its own.
final class StandIn implements AutoCloseable {
  private final EventLoops loops = EventLoops.start(1);
  private final StandInProvider provider = StandInProvider.start(loops, "127.0.0.1", 0);

  URI baseUrl() {
    return provider.baseUrl();
  }

  StandInProvider.Stats stats() {
    return provider.stats();
  }

  @Override
  public void close() {
    provider.close();
    loops.close();
  }
}
