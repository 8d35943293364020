package dev.askape.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.ConversationStore;
import dev.askape.chat.ConversationStore.Durability;
import dev.askape.fixture.MongoServer;
import dev.askape.storage.mongo.MongoSettings;
import dev.askape.storage.mongo.MongoStore;
import dev.askape.storage.mongo.MongoUri;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MongoStoreTest extends ConversationStoreContract {
  @Override
  ConversationStore open() {
    var server = MongoServer.shared();
    return MongoStore.open(
        MongoSettings.of(MongoUri.of(server.uri()), "test")
            .withDatabase("askape_test_" + UUID.randomUUID().toString().substring(0, 8))
            .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(20)));
  }

  @Override
  int many() {
    return 45; // a server without indexes that help gets slow with more
  }

  @Test
  void promisesTheDatabase() {
    assertThat(store().durability()).isEqualTo(Durability.DATABASE);
  }
}
