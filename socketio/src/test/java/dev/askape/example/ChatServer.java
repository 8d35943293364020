package dev.askape.example;

import dev.askape.http.EventLoops;
import dev.askape.http.HttpServer;
import dev.askape.http.HttpSettings;
import dev.askape.socketio.SocketServer;
import dev.askape.socketio.SocketSettings;
import java.util.List;

final class ChatServer {
  private ChatServer() {}

  static HttpServer start(EventLoops loops, int port) {
    var sockets = new SocketServer(SocketSettings.defaults(), loops);
    var chat = sockets.of("/");
    chat.onConnection(socket -> {
      socket.join("lobby");
      socket.on(
          "say",
          (args, ack) -> {
            chat.to("lobby").except(socket).emit("said", socket.id(), args.getFirst());
            ack.send("ok");
          });
      socket.onDisconnect(reason -> chat.all().emit("left", socket.id(), reason.text()));
    });
    var settings = HttpSettings.defaults().withAddress("127.0.0.1", port);
    return HttpServer.start(settings, loops, List.of(sockets.route()));
  }

  public static void main(String[] args) {
    HttpServer server = start(EventLoops.start(0), 3000);
    System.out.println("listening on port " + server.port());
  }
}
