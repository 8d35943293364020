package dev.askape.socketio;

import dev.askape.testing.TestClient;

class WebSocketSocketTest extends SocketContract {
  WebSocketSocketTest() {
    super(TestClient.Way.WEBSOCKET);
  }
}
