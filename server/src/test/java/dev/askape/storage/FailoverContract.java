package dev.askape.storage;

import dev.askape.chat.ConversationStore;
import dev.askape.storage.spool.FailoverStore;
import dev.askape.storage.spool.FaultyStore;
import dev.askape.storage.spool.Spools;
import dev.askape.storage.sqlite.SqliteSettings;
import dev.askape.storage.sqlite.SqliteStore;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// What the fail-over store does like every other store, however its primary store is.
abstract class FailoverContract extends ConversationStoreContract {
  private final ConversationStore inside = inside();
  private final FaultyStore primary = new FaultyStore(inside);
  @TempDir private Path folder;

  /// What the primary store really is.
  ConversationStore inside() {
    return SqliteStore.open(SqliteSettings.memory());
  }

  abstract void begin(FaultyStore primary);

  Duration patience() {
    return Duration.ofSeconds(10);
  }

  @Override
  final ConversationStore open() {
    FailoverStore store = Spools.open(folder.resolve("spool.db"), primary, patience());
    Spools.awaitLearnt(store);
    begin(primary);
    return store;
  }

  @AfterEach
  void closePrimary() {
    store().close();
    inside.close();
  }
}
