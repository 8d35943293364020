package dev.askape.storage.mongo;

import java.time.Duration;

/// How MongoDB is used, and the limits.
///
/// @param uri where it is
/// @param database the name of the database in it
/// @param node which server this is among those that share the database: the same after a restart,
///   and of no other
/// @param connections at most, to each server of MongoDB's
/// @param maxCalls calls that run or wait at once; one more is refused
/// @param connectTimeout until a connection is open
/// @param selectionTimeout until a server is found that takes writes
/// @param operationTimeout for a call of the store with all that it does
/// @param heartbeat how often this process says that it lives, and looks for those that do not
/// @param lease how long after its last word a process counts as dead, and its turns are ended
public record MongoSettings(
    MongoUri uri,
    String database,
    String node,
    int connections,
    int maxCalls,
    Duration connectTimeout,
    Duration selectionTimeout,
    Duration operationTimeout,
    Duration heartbeat,
    Duration lease) {
  public static final String USUAL_DATABASE = "askape";

  public MongoSettings {
    atLeastOne("connections", connections);
    atLeastOne("maxCalls", maxCalls);
    positive("connectTimeout", connectTimeout);
    positive("selectionTimeout", selectionTimeout);
    positive("operationTimeout", operationTimeout);
    positive("heartbeat", heartbeat);
    positive("lease", lease);
  }

  /// With the usual limits, in the database that the address names, else in `askape`.
  public static MongoSettings of(MongoUri uri, String node) {
    return new MongoSettings(
        uri,
        uri.database().orElse(USUAL_DATABASE),
        node,
        64,
        4_096,
        Duration.ofSeconds(2),
        Duration.ofSeconds(2),
        Duration.ofSeconds(3),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15));
  }

  public MongoSettings withDatabase(String name) {
    return new MongoSettings(
        uri,
        name,
        node,
        connections,
        maxCalls,
        connectTimeout,
        selectionTimeout,
        operationTimeout,
        heartbeat,
        lease);
  }

  public MongoSettings withConnections(int most) {
    return new MongoSettings(
        uri,
        database,
        node,
        most,
        maxCalls,
        connectTimeout,
        selectionTimeout,
        operationTimeout,
        heartbeat,
        lease);
  }

  public MongoSettings withTimeouts(Duration connect, Duration selection, Duration operation) {
    return new MongoSettings(
        uri,
        database,
        node,
        connections,
        maxCalls,
        connect,
        selection,
        operation,
        heartbeat,
        lease);
  }

  public MongoSettings withLease(Duration beat, Duration until) {
    return new MongoSettings(
        uri,
        database,
        node,
        connections,
        maxCalls,
        connectTimeout,
        selectionTimeout,
        operationTimeout,
        beat,
        until);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1");
    }
  }

  private static void positive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " must be positive");
    }
  }
}
