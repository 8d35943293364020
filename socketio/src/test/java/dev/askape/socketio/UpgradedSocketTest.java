package dev.askape.socketio;

import dev.askape.testing.TestClient;

class UpgradedSocketTest extends SocketContract {
  UpgradedSocketTest() {
    super(TestClient.Way.UPGRADED);
  }
}
