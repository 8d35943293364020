package dev.askape.storage.mongo;

import com.mongodb.MongoClientSettings;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// How MongoDB's driver is used.
final class Driver {
  private Driver() {}

  /// What the connection string says of waits and of the pool holds, within these limits.
  ///
  /// Reads see what the unique indexes see: after a duplicate key, the document that was there is
  /// looked at, and a majority may not have it yet. Nothing is confirmed by a read alone: every
  /// call that writes waits for a majority.
  static MongoClientSettings.Builder settings(MongoSettings settings) {
    var uri = settings.uri().reveal();
    return MongoClientSettings.builder()
        .applyConnectionString(uri)
        .applicationName(Optional.ofNullable(uri.getApplicationName()).orElse("AskApe"))
        .writeConcern(WriteConcern.MAJORITY.withJournal(true))
        .readConcern(ReadConcern.LOCAL)
        .readPreference(ReadPreference.primary())
        .timeout(settings.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .applyToClusterSettings(cluster ->
            cluster.serverSelectionTimeout(
                least(uri.getServerSelectionTimeout(), settings.selectionTimeout().toMillis()),
                TimeUnit.MILLISECONDS))
        .applyToSocketSettings(socket ->
            socket.connectTimeout(
                least(uri.getConnectTimeout(), settings.connectTimeout().toMillis()),
                TimeUnit.MILLISECONDS))
        .applyToConnectionPoolSettings(pool ->
            pool.maxSize((int) least(uri.getMaxConnectionPoolSize(), settings.connections()))
                .maxWaitTime(settings.operationTimeout().toMillis(), TimeUnit.MILLISECONDS))
        .applyToServerSettings(server -> server.heartbeatFrequency(2, TimeUnit.SECONDS));
  }

  /// @param asked zero and less are no limit
  private static long least(@Nullable Integer asked, long most) {
    return asked == null || asked <= 0 ? most : Math.min(asked, most);
  }
}
