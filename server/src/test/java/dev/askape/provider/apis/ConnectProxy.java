package dev.askape.provider.apis;

import dev.askape.provider.http.FakeUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;

/// An HTTP proxy that makes tunnels, whatever their name, to one port of this machine.
record ConnectProxy(FakeUpstream server) implements AutoCloseable {
  static ConnectProxy to(URI target) {
    return new ConnectProxy(new FakeUpstream(exchange -> tunnel(exchange, target.getPort())));
  }

  /// One that refuses.
  static ConnectProxy refusing(String response) {
    return new ConnectProxy(new FakeUpstream(exchange -> exchange.write(response)));
  }

  private static void tunnel(FakeUpstream.Exchange exchange, int port) throws IOException {
    var target = new Socket(InetAddress.getLoopbackAddress(), port);
    exchange.write("HTTP/1.1 200 Connection established\r\n\r\n");
    Thread.ofVirtual()
        .start(() -> {
          try (target;
              var client = exchange.socket()) {
            target.getInputStream().transferTo(client.getOutputStream());
          } catch (IOException _) {
            // one of them went away
          }
        });
    exchange.in().transferTo(target.getOutputStream());
  }

  List<FakeUpstream.Exchange> requests() {
    return server.requests();
  }

  String address() {
    return "127.0.0.1:" + server.base().getPort();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
