package dev.askape.it;

import dev.askape.standin.StandInProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/// A server with a provider of every kind, all of them the stand-in with a key, and every fault
/// tried on each, all at once. Everything is logged, by every library too.
final class Matrix implements AutoCloseable {
  /// What may be seen nowhere but at the provider.
  static final String KEY = "sk-planted-0123456789abcdef";

  private static final int AT_ONCE = 64;
  private static final String LOG_EVERYTHING =
      """
      <configuration>
        <appender name="stdout" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><charset>UTF-8</charset><pattern>%level %logger{0} %msg%n%ex</pattern></encoder>
        </appender>
        <root level="TRACE"><appender-ref ref="stdout"/></root>
      </configuration>
      """;

  private final StandIn standIn = new StandIn(Optional.of(KEY));
  private final ServerProcess server;
  private final Map<ProviderKind, ChatClient> clients = new EnumMap<>(ProviderKind.class);

  private Matrix(Path folder) throws IOException {
    Files.writeString(folder.resolve("askape.yaml"), configuration(folder));
    var log = Files.writeString(folder.resolve("logback.xml"), LOG_EVERYTHING);
    var environment = Map.of("JAVA_TOOL_OPTIONS", "-Dlogback.configurationFile=" + log);
    server =
        ServerProcess.start(
            new Program(folder, environment, List.of()),
            "--log.level=trace",
            "--limits.sessions-per-socket=1000",
            "--limits.events-per-second=10000",
            "--limits.events-burst=10000");
    for (var kind : ProviderKind.values()) {
      clients.put(kind, ChatClient.connect(server.uri()));
    }
  }

  static Matrix start(Path folder) throws IOException {
    return new Matrix(folder);
  }

  private String configuration(Path folder) throws IOException {
    int nobody;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = free.getLocalPort();
    }
    var providers = new StringBuilder();
    var models = new StringBuilder();
    for (var kind : ProviderKind.values()) {
      providers.append(provider(kind, kind.word(), standIn.root().toString()));
      providers.append(provider(kind, "gone-" + kind.word(), "http://127.0.0.1:" + nobody));
      models.append("  - { id: \"fake-%1$s-*\", provider: %1$s }%n".formatted(kind.word()));
      models.append("  - { id: gone-%1$s, provider: gone-%1$s }%n".formatted(kind.word()));
    }
    return """
    server: { host: 127.0.0.1, port: 0 }
    storage:
      sqlite: { path: "%s" }
    providers:
    %smodels:
    %s
    """
        .formatted(Configuration.data(folder), providers, models);
  }

  /// The defaults, but for the times, and for the budget: here nearly every call fails, which it is
  /// there to notice.
  private static String provider(ProviderKind kind, String name, String root) {
    return """
      %1$s:
        type: %2$s
        base-url: "%3$s%4$s"
        api-key: %5$s
        retries: { budget: 100%% }
        timeouts: { headers: %6$ds, first-token: %6$ds, between-tokens: %6$ds, total: %7$ds }
    """
        .formatted(
            name,
            kind.word(),
            root,
            kind.base,
            KEY,
            MatrixRows.PATIENCE.toSeconds(),
            MatrixRows.TOTAL.toSeconds());
  }

  /// Tries every fault; those of a row that a kind cannot have are left out.
  List<MatrixCell> run(List<MatrixRow> rows) throws InterruptedException, ExecutionException {
    var tries = new ArrayList<Callable<Tried>>();
    for (var row : rows) {
      for (var kind : row.kinds()) {
        tries.add(() -> attempt(row, kind));
      }
    }
    List<Future<Tried>> done;
    try (var threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      done = threads.invokeAll(tries);
    }
    var cells = new ArrayList<MatrixCell>();
    for (var tried : done) {
      cells.add(cell(tried.get()));
    }
    return cells;
  }

  private record Tried(MatrixRow row, ProviderKind kind, String session, Duration lasted) {}

  private Tried attempt(MatrixRow row, ProviderKind kind) {
    var client = client(kind);
    var session = "matrix-" + kind.word() + "-" + row.faulty(kind).hashCode();
    var faulty = row.faulty(kind);
    int from = client.mark();
    long before = System.nanoTime();
    client.send(
        "message", ChatClient.message(session, session, "Hello", row.healthy(kind), faulty));
    client.awaitAny(
        from,
        "the end of " + faulty,
        entry ->
            entry.event().matches("model_error|model_streaming_complete")
                && entry.payload().path("modelId").asText().equals(faulty)
                && entry.payload().path("sessionId").asText().equals(session));
    var lasted = Duration.ofNanos(System.nanoTime() - before);
    client.await(
        from,
        "all_responses_complete",
        payload -> payload.path("sessionId").asText().equals(session));
    return new Tried(row, kind, session, lasted);
  }

  private ChatClient client(ProviderKind kind) {
    return Optional.ofNullable(clients.get(kind)).orElseThrow();
  }

  private MatrixCell cell(Tried tried) {
    var kind = tried.kind();
    var heard =
        client(kind).heard().stream()
            .filter(entry -> entry.payload().path("sessionId").asText().equals(tried.session()))
            .toList();
    StandInProvider.Calls calls = standIn.calls(tried.row().faulty(kind));
    long others = standIn.calls(tried.row().healthy(kind)).count();
    return new MatrixCell(tried.row(), kind, heard, tried.lasted(), calls, others);
  }

  /// Everything that clients have heard, the histories of all sessions included.
  String everythingTold() {
    var told = new StringBuilder();
    for (var client : clients.values()) {
      var sessions =
          client.heard().stream()
              .map(entry -> entry.payload().path("sessionId").asText())
              .filter(id -> !id.isEmpty())
              .collect(Collectors.toSet());
      for (var session : sessions) {
        client.answerTo("join_session", ChatClient.ids(session, session));
      }
      client.heard().forEach(entry -> told.append(entry.payload()).append('\n'));
    }
    return told.toString();
  }

  ServerProcess server() {
    return server;
  }

  StandInProvider.Stats stats() {
    return standIn.stats();
  }

  @Override
  public void close() {
    clients.values().forEach(ChatClient::close);
    server.close();
    standIn.close();
  }
}
