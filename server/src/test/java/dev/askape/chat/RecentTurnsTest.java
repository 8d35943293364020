package dev.askape.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.storage.Samples;
import dev.askape.storage.sqlite.SqliteSettings;
import dev.askape.storage.sqlite.SqliteStore;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RecentTurnsTest {
  private static final SessionId S = new SessionId("s");

  @AutoClose private final ConversationStore store = SqliteStore.open(SqliteSettings.memory());

  private RecentTurns read(int limit) {
    return RecentTurns.read(store, S, Long.MAX_VALUE, limit, 1_000_000);
  }

  /// As what is mirrored of a long session while its database is away.
  @Test
  void saysThatThereIsMoreWhereTheStoreHasOnlyTheNewest() {
    for (int n = 40; n <= 45; n++) {
      store.accept(Samples.session("s", n), Samples.turn("s", n, 1));
    }

    assertThat(read(25).turns()).hasSize(6);
    assertThat(read(25).hasMore()).isTrue();
  }

  @Test
  void saysThatTheFirstTurnIsTheFirst() {
    store.accept(Samples.session("s", 1), Samples.turn("s", 1, 1));

    assertThat(read(25).hasMore()).isFalse();
  }
}
