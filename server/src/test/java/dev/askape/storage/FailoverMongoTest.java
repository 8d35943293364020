package dev.askape.storage;

import dev.askape.chat.ConversationStore;
import dev.askape.fixture.MongoServer;
import dev.askape.storage.mongo.MongoSettings;
import dev.askape.storage.mongo.MongoStore;
import dev.askape.storage.mongo.MongoUri;
import dev.askape.storage.spool.FaultyStore;
import dev.askape.storage.spool.FaultyStore.Fault;
import java.time.Duration;
import java.util.UUID;

class FailoverMongoTest extends FailoverContract {
  @Override
  ConversationStore inside() {
    return MongoStore.open(
        MongoSettings.of(MongoUri.of(MongoServer.shared().uri()), "test")
            .withDatabase("askape_test_" + UUID.randomUUID().toString().substring(0, 8))
            .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(20)));
  }

  @Override
  void begin(FaultyStore primary) {
    primary.set(Fault.NONE);
  }
}
