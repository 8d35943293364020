package dev.askape;

import dev.askape.chat.ChatSettings;
import dev.askape.config.Settings;
import dev.askape.gateway.GatewaySettings;
import dev.askape.http.HostPolicy;
import dev.askape.http.HttpSettings;
import dev.askape.http.OriginPolicy;
import dev.askape.provider.local.LocalSettings;
import dev.askape.socketio.SocketSettings;
import dev.askape.storage.mongo.MongoSettings;
import dev.askape.storage.mongo.MongoUri;
import dev.askape.storage.spool.SpoolSettings;
import dev.askape.storage.sqlite.SpoolLimits;
import dev.askape.storage.sqlite.SqliteSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;

/// The configuration, cut into what each part needs of it.
public record Parts(Settings settings) {
  /// There is one server for a database, as yet.
  private static final String NODE = "askape";

  public SqliteSettings sqlite() {
    var sqlite = settings.storage().sqlite();
    return sqlite.inMemory()
        ? SqliteSettings.memory()
        : SqliteSettings.file(Path.of(sqlite.path()));
  }

  /// MongoDB, when conversations are kept there.
  public Optional<MongoSettings> mongo() {
    return settings
        .storage()
        .mongoUri()
        .map(uri -> MongoSettings.of(MongoUri.of(uri.reveal()), NODE));
  }

  SqliteSettings spoolFile() {
    return SqliteSettings.file(Path.of(settings.storage().spool().path()));
  }

  SpoolLimits spoolLimits() {
    var spool = settings.storage().spool();
    return new SpoolLimits(spool.size(), spool.sessions(), chat().contextTurns() + 1);
  }

  /// What is mirrored of a session is what a model may be told of it, and what a history shows.
  SpoolSettings spool() {
    return SpoolSettings.of(
        settings.storage().spool().patience(), chat().contextTurns() + 1, chat().historyChars());
  }

  /// What it takes to run the models of this machine. Their weights are kept beside the
  /// conversations.
  public LocalSettings local() {
    var local = settings.local();
    var data =
        settings.storage().sqlite().inMemory()
            ? Path.of("data")
            : Path.of(settings.storage().sqlite().path()).toAbsolutePath().getParent();
    return LocalSettings.of(
        (data == null ? Path.of("data") : data).resolve("models"),
        local.model().map(Path::of),
        local
            .threads()
            .orElse(LocalSettings.usualThreads(Runtime.getRuntime().availableProcessors())),
        local.context());
  }

  ChatSettings chat() {
    var limits = settings.limits();
    var normal = ChatSettings.defaults();
    return new ChatSettings(
        limits.turnsPerIdentity(),
        limits.turnsPerSession(),
        limits.answers(),
        limits.turnsPerMinute(),
        limits.answerBytes(),
        normal.liveSessions(),
        normal.contextTokens(),
        normal.contextTurns(),
        normal.historyChars(),
        normal.checkpoint(),
        normal.storeWait(),
        normal.linger(),
        normal.logRetention(),
        settings.budgets());
  }

  GatewaySettings gateway() {
    var limits = settings.limits();
    var normal = GatewaySettings.defaults();
    return new GatewaySettings(
        limits.messageCharacters(),
        limits.modelsPerTurn(),
        limits.sessionsPerSocket(),
        limits.eventsPerSecond(),
        limits.eventsBurst(),
        settings.stream().merge(),
        normal.fullBytesPerSecond(),
        limits.historyWait(),
        normal.historyEntries(),
        normal.historyPage(),
        normal.historyPageMax());
  }

  SocketSettings sockets() {
    var limits = settings.limits();
    var normal = SocketSettings.defaults();
    return new SocketSettings(
        normal.path(),
        normal.pingInterval(),
        normal.pingTimeout(),
        normal.upgradeTimeout(),
        limits.connectTimeout(),
        limits.payloadBytes(),
        limits.jsonDepth(),
        normal.maxAttachments(),
        normal.maxPendingEvents(),
        normal.maxPendingAcks(),
        limits.connections(),
        limits.connectionsPerAddress(),
        normal.maxQueuedBytes(),
        normal.maxQueuedPackets());
  }

  HttpSettings http() {
    var server = settings.server();
    var limits = settings.limits();
    var hosts = new ArrayList<>(server.hosts());
    hosts.add(server.host());
    return HttpSettings.defaults()
        .withAddress(server.host(), server.port())
        .withMaxConnections(limits.connections(), limits.connectionsPerAddress())
        .withMaxBody(limits.payloadBytes())
        .withPolicies(OriginPolicy.of(server.origins()), HostPolicy.of(hosts));
  }
}
