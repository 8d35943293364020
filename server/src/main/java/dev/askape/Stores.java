package dev.askape;

import dev.askape.chat.ConversationStore;
import dev.askape.config.Settings;
import dev.askape.storage.mongo.MongoStore;
import dev.askape.storage.spool.FailoverStore;
import dev.askape.storage.sqlite.SqliteSpool;
import dev.askape.storage.sqlite.SqliteStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// The store that the configuration asks for.
public final class Stores {
  private Stores() {}

  /// For a server: the embedded store, or MongoDB with a spool beside it.
  static ConversationStore open(Parts parts, InstantSource clock) {
    var mongo = parts.mongo();
    if (mongo.isEmpty()) {
      return SqliteStore.open(parts.sqlite());
    }
    var spool = SqliteSpool.open(parts.spoolFile(), parts.spoolLimits(), clock);
    boolean opened = false;
    try {
      var store =
          FailoverStore.open(
              spool,
              "MongoDB at %s, database %s".formatted(mongo.get().uri(), mongo.get().database()),
              () -> MongoStore.connect(mongo.get(), turn -> spool.findSessionOf(turn).isPresent()),
              parts.spool());
      opened = true;
      return store;
    } finally {
      if (!opened) {
        spool.close();
      }
    }
  }

  /// To look at what is kept, also while a server uses it.
  public static ConversationStore openToRead(Settings settings) {
    var parts = new Parts(settings);
    return parts
        .mongo()
        .<ConversationStore>map(MongoStore::open)
        .orElseGet(() -> SqliteStore.openToRead(Path.of(settings.storage().sqlite().path())));
  }

  /// What to tell who started a server with this store.
  static List<String> notes(ConversationStore store, Settings settings) {
    if (store instanceof FailoverStore failover) {
      return notes(failover, settings);
    }
    return List.of(
        settings.storage().sqlite().inMemory()
            ? "Conversations are kept in memory only."
            : "Conversations are kept in " + settings.storage().sqlite().path() + ".");
  }

  private static List<String> notes(FailoverStore store, Settings settings) {
    var spool = settings.storage().spool().path();
    if (store.isPrimaryHere()) {
      return List.of("Conversations are kept in MongoDB, with a spool in " + spool + ".");
    }
    return List.of(
        "MongoDB is away: what is said is kept in the spool "
            + spool
            + " until it is back"
            + (store.knowsSessions()
                ? ", for sessions that are mirrored there and new ones."
                : "; as it was never reached from here, nobody knows which sessions there are, and all of them are busy."));
  }
}
