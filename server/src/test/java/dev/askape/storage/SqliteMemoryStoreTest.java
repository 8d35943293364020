package dev.askape.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.ConversationStore;
import dev.askape.chat.ConversationStore.Durability;
import dev.askape.storage.sqlite.SqliteSettings;
import dev.askape.storage.sqlite.SqliteStore;
import org.junit.jupiter.api.Test;

class SqliteMemoryStoreTest extends ConversationStoreContract {
  @Override
  ConversationStore open() {
    return SqliteStore.open(SqliteSettings.memory());
  }

  @Test
  void promisesNothing() {
    assertThat(store().durability()).isEqualTo(Durability.NONE);
  }

  @Test
  void keepsStoresInMemoryApart() {
    store().accept(Samples.session("s", 1), Samples.turn("s", 1, 1));

    try (var other = open()) {
      assertThat(other.findSession(Samples.session("s", 1).id())).isEmpty();
    }
  }
}
