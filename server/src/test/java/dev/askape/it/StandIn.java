package dev.askape.it;

import dev.askape.http.EventLoops;
import dev.askape.standin.StandInProvider;
import java.net.URI;
import java.util.Optional;

/// The stand-in provider, in this process, on event loops of its own.
final class StandIn implements AutoCloseable {
  private final EventLoops loops = EventLoops.start(1);
  private final StandInProvider provider;

  StandIn() {
    this(Optional.empty());
  }

  /// @param key that callers must show
  StandIn(Optional<String> key) {
    provider = StandInProvider.start(loops, "127.0.0.1", 0, key);
  }

  URI root() {
    return provider.root();
  }

  StandInProvider.Calls calls(String modelId) {
    return provider.calls(modelId);
  }

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
