package dev.askape.socketio;

import dev.askape.testing.TestClient;

class PollingSocketTest extends SocketContract {
  PollingSocketTest() {
    super(TestClient.Way.POLLING);
  }
}
