package dev.askape.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askape.chat.Asker;
import dev.askape.chat.Chat;
import dev.askape.chat.ErrorId;
import dev.askape.chat.MessageId;
import dev.askape.chat.Party;
import dev.askape.chat.Refusal;
import dev.askape.chat.Result;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.StoreAwayException;
import dev.askape.http.HttpExchange;
import dev.askape.http.HttpReply;
import dev.askape.http.HttpRoute;
import dev.askape.identity.ShownIds;
import dev.askape.json.ChatJson;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The REST routes. In open mode the ids in the query are believed, and a call about one session
/// that names nobody counts as its owner's.
public final class Rest implements AutoCloseable {
  /// Requests that may be waiting for the store at once; more are answered 503.
  static final int CONCURRENT = 256;

  private static final Logger LOG = LoggerFactory.getLogger(Rest.class);
  private static final int SESSIONS = 100;
  private static final int MOST_SESSIONS = 1_000;
  private static final int MOST_ENTRIES = 10_000;
  private static final String SESSION_PATH = "/api/chat/sessions/";
  private static final String HISTORY_PATH = "/api/chat/history/";

  private final Chat chat;
  private final String version;
  private final InstantSource clock;
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore free = new Semaphore(CONCURRENT);

  public Rest(Chat chat, String version, InstantSource clock) {
    this.chat = chat;
    this.version = version;
    this.clock = clock;
  }

  public List<HttpRoute> routes() {
    return List.of(HttpRoute.prefix("/api", this::handle));
  }

  private void handle(HttpExchange exchange) {
    if (!free.tryAcquire()) {
      exchange.reply(WebReply.error(503, "Too many requests. Try again in a moment."));
      return;
    }
    requests.execute(() -> {
      try {
        exchange.reply(answer(exchange));
      } finally {
        free.release();
      }
    });
  }

  // the one place where a failure of ours is caught, so that every request is answered
  @SuppressWarnings("IllegalCatch")
  private HttpReply answer(HttpExchange exchange) {
    try {
      return route(exchange);
    } catch (BadRequest e) {
      return WebReply.error(400, e.getMessage());
    } catch (StoreAwayException e) {
      LOG.warn("{} {}: {}", exchange.method(), exchange.path(), e.getMessage());
      return WebReply.refused(new Refusal.Busy());
    } catch (RuntimeException e) {
      var errorId = ErrorId.fresh();
      LOG.error("errorId={} {} {}", errorId, exchange.method(), exchange.path(), e);
      return WebReply.error(500, "Something went wrong on the server (" + errorId + ").");
    }
  }

  private HttpReply route(HttpExchange exchange) {
    var path = exchange.path();
    var method = exchange.method();
    if (path.startsWith(SESSION_PATH)) {
      return method.equals("DELETE")
          ? deleteSession(exchange, sessionIn(path, SESSION_PATH))
          : notAllowed();
    }
    if (!method.equals("GET")) {
      return isKnown(path) ? notAllowed() : notFound();
    }
    if (path.startsWith(HISTORY_PATH)) {
      return history(exchange, sessionIn(path, HISTORY_PATH));
    }
    return switch (path) {
      case "/api/health" -> health();
      case "/api/models" -> models();
      case "/api/chat/sessions" -> sessions(exchange);
      case "/api/usage" -> usage(exchange);
      default -> notFound();
    };
  }

  private static boolean isKnown(String path) {
    return path.startsWith(HISTORY_PATH)
        || List.of("/api/health", "/api/models", "/api/chat/sessions", "/api/usage").contains(path);
  }

  private static HttpReply notAllowed() {
    return WebReply.error(405, "This method is not allowed here.");
  }

  private static HttpReply notFound() {
    return WebReply.error(404, "Not found.");
  }

  private HttpReply health() {
    return WebReply.ok(
        ChatJson.object()
            .put("status", "healthy")
            .put("timestamp", ChatJson.date(clock.instant()))
            .put("version", version)
            .put("database", chat.usesDatabase() ? "mongodb" : "embedded")
            .put("realtime", "socket.io"));
  }

  private HttpReply models() {
    var models = ChatJson.array();
    for (var model : chat.models().listed()) {
      var json =
          ChatJson.object()
              .put("id", model.id().value())
              .put("name", model.name())
              .put("provider", model.provider())
              .put("isDefault", model.isDefault())
              .put("available", model.available().getAsBoolean());
      model.contextWindow().ifPresent(tokens -> json.put("contextWindow", tokens));
      model.price().ifPresent(price -> json.set("price", ChatJson.price(price)));
      models.add(json);
    }
    var fields = ChatJson.object();
    fields.set("models", models);
    return WebReply.ok(fields);
  }

  /// Of who asks; with `sessionId`, of a session that he may reach.
  private HttpReply usage(HttpExchange exchange) {
    var asker = someone(exchange);
    var session = exchange.query("sessionId").map(id -> Query.id("sessionId", id));
    if (session.isPresent()) {
      return switch (chat.usage(new SessionId(session.get()), asker)) {
        case Result.Refused(var why) -> WebReply.refused(why);
        case Result.Ok(var sum) -> WebReply.ok(ChatJson.sum(sum));
      };
    }
    var report = chat.usage(asker.party());
    var fields = ChatJson.sum(report.booked());
    report.budget().ifPresent(state -> fields.set("budget", ChatJson.budget(state)));
    return WebReply.ok(fields);
  }

  private static Asker someone(HttpExchange exchange) {
    return asker(exchange)
        .orElseThrow(() -> new BadRequest("Say who is asking: userId or guestId."));
  }

  private HttpReply sessions(HttpExchange exchange) {
    var asker = someone(exchange);
    int limit = number(exchange, "limit", SESSIONS, MOST_SESSIONS);
    var before = exchange.query("before").map(text -> Query.instant("before", text));
    var sessions = ChatJson.array();
    for (var session : chat.sessionsOf(asker, before, limit)) {
      sessions.add(
          ChatJson.session(session)
              .put("messageCount", session.messageCount())
              .put("participantsCount", session.participants().size()));
    }
    var fields = ChatJson.object().put("count", sessions.size());
    fields.set("sessions", sessions);
    return WebReply.ok(fields);
  }

  private HttpReply history(HttpExchange exchange, SessionId session) {
    int limit = number(exchange, "limit", MOST_ENTRIES, MOST_ENTRIES);
    var before = exchange.query("before").map(id -> new MessageId(Query.id("before", id)));
    var asker = asker(exchange);
    return switch (chat.transcript(session, asker, before, limit)) {
      case Result.Refused(var why) -> WebReply.refused(why);
      case Result.Ok(var page) when page.session().isEmpty() -> notFound();
      case Result.Ok(var page) -> {
        var kept = page.session().get();
        var fields = ChatJson.object();
        fields.set("session", asker.isPresent() ? ChatJson.session(kept) : withoutGuest(kept));
        fields.put("messageCount", kept.messageCount());
        fields.set("messages", ChatJson.history(page.turns()));
        yield WebReply.ok(fields.put("hasMore", page.hasMore()));
      }
    };
  }

  /// To somebody who does not say who he is: whoever knows a guest's id is that guest.
  private static ObjectNode withoutGuest(SessionRecord session) {
    var json = ChatJson.session(session);
    return session.owner() instanceof Party.Guest ? json.putNull("ownerId") : json;
  }

  private HttpReply deleteSession(HttpExchange exchange, SessionId session) {
    var result =
        asker(exchange)
            .map(asker -> chat.delete(session, asker))
            .orElseGet(() -> chat.deleteAsOwner(session));
    return switch (result) {
      case Result.Refused(var why) -> WebReply.refused(why);
      case Result.Ok(var _) ->
          WebReply.ok(ChatJson.object().put("message", "The session is gone."));
    };
  }

  private static SessionId sessionIn(String path, String prefix) {
    return new SessionId(Query.id("sessionId", path.substring(prefix.length())));
  }

  private static Optional<Asker> asker(HttpExchange exchange) {
    var shown =
        new ShownIds(
            exchange.query("userId").map(id -> Query.id("userId", id)),
            exchange.query("guestId").map(id -> Query.id("guestId", id)));
    return shown.isEmpty()
        ? Optional.empty()
        : Optional.of(Asker.of(shown.userId(), shown.guestId()));
  }

  private static int number(HttpExchange exchange, String name, int normally, int most) {
    return exchange.query(name).map(text -> Query.number(name, text, most)).orElse(normally);
  }

  @Override
  public void close() {
    requests.shutdownNow();
    requests.close();
  }
}
