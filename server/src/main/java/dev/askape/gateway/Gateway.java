package dev.askape.gateway;

import dev.askape.chat.Chat;
import dev.askape.http.EventLoops;
import dev.askape.socketio.Socket;
import dev.askape.socketio.SocketServer;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;

/// Lets the clients of a Socket.IO server speak the contract with the chat. Safe for any thread.
public final class Gateway {
  private final Chat chat;
  private final Map<EventLoop, Viewer.Surroundings> surroundings = new HashMap<>();

  public Gateway(Chat chat, GatewaySettings settings, EventLoops loops) {
    this.chat = chat;
    var renderings = new AnswerRendering.Cache();
    for (var loop : loops.loops()) {
      var ticker = new Ticker(loop, settings.merge());
      surroundings.put(loop, new Viewer.Surroundings(loop, ticker, renderings, settings));
    }
  }

  /// Takes every socket of the main namespace.
  public void attach(SocketServer server) {
    server.of(ServerEvents.NAMESPACE).onConnection(this::connected);
  }

  private void connected(Socket socket) {
    var around = surroundings.get(socket.loop());
    if (around == null) {
      throw new IllegalStateException("a socket of an event loop that is not ours");
    }
    new Client(socket, chat, around).start();
  }
}
