package dev.askape.provider.discovery;

import dev.askape.provider.ProviderException;
import dev.askape.provider.apis.Api;
import dev.askape.provider.http.EndpointSettings;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/// Looks whether a model server listens at one address. Blocks.
///
/// First a bare connection, which costs nothing where nobody listens; only then the list of models,
/// with the time that a client needs that has never been used before.
record LoopbackProbe(LoopbackServer server, List<EventLoop> loops)
    implements Callable<Optional<Source>> {
  private static final int CONNECT_MILLIS = 300;
  private static final Duration LIST = Duration.ofMillis(1_500);

  @Override
  public Optional<Source> call() throws InterruptedException {
    if (!isListening()) {
      return Optional.empty();
    }
    var provider =
        Api.OPENAI.open(
            EndpointSettings.of(server.name(), server.baseUrl(), Optional.empty()), loops);
    boolean found = false;
    try {
      var models = provider.listModels(LIST);
      found = true;
      return Optional.of(
          Source.of(provider, server.title() + " on port " + server.baseUrl().getPort(), models));
    } catch (ProviderException _) {
      return Optional.empty();
    } finally {
      if (!found) {
        provider.close();
      }
    }
  }

  private boolean isListening() {
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(server.baseUrl().getHost(), server.baseUrl().getPort()),
          CONNECT_MILLIS);
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
