package dev.askape.it;

import dev.askape.AskApe;
import dev.askape.http.HttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// What is held for sockets that do not read.
final class Held {
  private Held() {}

  /// Bytes in the buffers of all of the server's connections, which the operating system has not
  /// taken. A frame that is written in part is not among them: it is made of the answer's own text,
  /// which is there anyway.
  static long byServer(AskApe server) {
    try {
      var http = AskApe.class.getDeclaredField("http");
      http.setAccessible(true);
      return ((HttpServer) http.get(server)).heldBytes();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("AskApe has its HttpServer elsewhere now", e);
    }
  }

  /// Bytes that Linux holds at the server's end of one connection, sent or not, until the client's
  /// end has taken them; empty where Linux does not say.
  static OptionalLong byLinux(int serverPort, int clientPort) throws IOException {
    for (var table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
      if (!Files.isReadable(Path.of(table))) {
        continue;
      }
      for (var line : Files.readAllLines(Path.of(table))) {
        var fields = line.strip().split("\\s+", -1);
        // sl local_address rem_address st tx_queue:rx_queue …
        if (fields[1].endsWith(":%04X".formatted(serverPort))
            && fields[2].endsWith(":%04X".formatted(clientPort))) {
          return OptionalLong.of(
              Long.parseLong(fields[4].substring(0, fields[4].indexOf(':')), 16));
        }
      }
    }
    return OptionalLong.empty();
  }
}
