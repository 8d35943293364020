package dev.askape.gateway;

import dev.askape.chat.Chat;
import dev.askape.http.EventLoops;
import dev.askape.socketio.Socket;
import dev.askape.socketio.SocketServer;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Lets the clients of a Socket.IO server speak the contract with the chat. Safe for any thread.
public final class Gateway {
  private static final long POLL_MILLIS = 5;

  private final Chat chat;
  private final Map<EventLoop, Viewer.Surroundings> surroundings = new HashMap<>();
  private final Set<Client> clients = ConcurrentHashMap.newKeySet();

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
    var client = new Client(socket, chat, around);
    clients.add(client);
    client.start(() -> clients.remove(client));
  }

  /// Waits until every client has been told what has happened, at most for so long: those that do
  /// not read are not waited for any longer. For the server's end, when nothing new happens; what
  /// an answer said last, and how it ended, waits for a beat. Not to be called on an event loop.
  public void awaitTold(Duration atMost) {
    long until = System.nanoTime() + atMost.toNanos();
    try {
      while (isAnybodyOwed() && System.nanoTime() < until) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isAnybodyOwed() throws InterruptedException {
    for (var loop : surroundings.keySet()) {
      var owed = loop.submit(() -> isAnybodyOwedOn(loop));
      if (owed.await(1, TimeUnit.SECONDS) && owed.isSuccess() && owed.getNow()) {
        return true;
      }
    }
    return false;
  }

  private boolean isAnybodyOwedOn(EventLoop loop) {
    return clients.stream().anyMatch(client -> client.loop().equals(loop) && client.isOwed());
  }
}
