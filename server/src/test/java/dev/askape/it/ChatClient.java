package dev.askape.it;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.json.JSONException;
import org.json.JSONObject;

/// The official Java client, over WebSocket, as an application would use it: it comes back by
/// itself after a lost connection. Everything it hears is kept in order, with `(connect)` and
/// `(disconnect)` for the connection itself. Safe for any thread.
final class ChatClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SHOWN = 20;

  /// Something the client heard.
  record Heard(String event, JsonNode payload) {}

  private final Socket socket;
  private final List<Heard> heard = new ArrayList<>();

  private ChatClient(Socket socket) {
    this.socket = socket;
  }

  /// Connects; returns when it is connected.
  static ChatClient connect(URI server) {
    var options =
        IO.Options.builder()
            .setForceNew(true)
            .setTransports(new String[] {"websocket"})
            .setReconnectionDelay(50)
            .setReconnectionDelayMax(200)
            .build();
    var client = new ChatClient(IO.socket(server, options));
    client.socket.onAnyIncoming(
        args -> client.keep((String) args[0], args.length > 1 ? args[1] : null));
    client.socket.on(Socket.EVENT_CONNECT, _ -> client.keep("(connect)", null));
    client.socket.on(Socket.EVENT_DISCONNECT, args -> client.keep("(disconnect)", args[0]));
    client.socket.connect();
    client.await(0, "(connect)", _ -> true);
    return client;
  }

  static ObjectNode payload() {
    return JSON.createObjectNode();
  }

  private void keep(String event, @org.jspecify.annotations.Nullable Object payload) {
    var entry = new Heard(event, json(payload));
    synchronized (heard) {
      heard.add(entry);
      heard.notifyAll();
    }
  }

  private static JsonNode json(@org.jspecify.annotations.Nullable Object value) {
    try {
      return value instanceof String text
          ? JSON.getNodeFactory().textNode(text)
          : JSON.readTree(String.valueOf(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + value, e);
    }
  }

  /// A place in what was heard, to ask only for what came after it.
  int mark() {
    synchronized (heard) {
      return heard.size();
    }
  }

  List<Heard> heard() {
    synchronized (heard) {
      return List.copyOf(heard);
    }
  }

  /// The last event of that name so far that matches.
  Optional<JsonNode> last(String event, Predicate<JsonNode> which) {
    return heard().reversed().stream()
        .filter(entry -> entry.event().equals(event) && which.test(entry.payload()))
        .map(Heard::payload)
        .findFirst();
  }

  /// The first event of that name from a mark on that matches; waits for it.
  JsonNode await(int from, String event, Predicate<JsonNode> which) {
    return awaitAny(
        from, event, entry -> entry.event().equals(event) && which.test(entry.payload()));
  }

  /// The same for events of any name.
  ///
  /// @param what for the message when it does not come
  JsonNode awaitAny(int from, String what, Predicate<Heard> which) {
    long end = System.nanoTime() + Patience.LIMIT.toNanos();
    synchronized (heard) {
      for (int at = from; ; ) {
        for (; at < heard.size(); at++) {
          if (which.test(heard.get(at))) {
            return heard.get(at).payload();
          }
        }
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new AssertionError("waited in vain for " + what + "; heard\n" + summary(from));
        }
        try {
          heard.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new AssertionError("interrupted while waiting for " + what, e);
        }
      }
    }
  }

  JsonNode await(String event) {
    return await(0, event, _ -> true);
  }

  private String summary(int from) {
    return heard().stream()
        .skip(Math.max(from, mark() - SHOWN))
        .map(entry -> "  " + entry.event() + " " + shortened(entry.payload().toString()))
        .collect(Collectors.joining("\n"));
  }

  private static String shortened(String text) {
    return text.length() > 120 ? text.substring(0, 120) + "…" : text;
  }

  void send(String event, ObjectNode payload) {
    socket.emit(event, jsonObject(payload));
  }

  /// Sends with an acknowledgement callback.
  CompletableFuture<JsonNode> ask(String event, ObjectNode payload) {
    var reply = new CompletableFuture<JsonNode>();
    socket.emit(
        event, new Object[] {jsonObject(payload)}, (Ack) args -> reply.complete(json(args[0])));
    return reply;
  }

  /// Sends and waits for the acknowledgement.
  JsonNode answerTo(String event, ObjectNode payload) {
    try {
      return ask(event, payload).get(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      throw new AssertionError("no answer to " + event + "; heard\n" + summary(0));
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("no answer to " + event, e);
    }
  }

  /// Sends a message that must be taken; gives the acknowledgement.
  JsonNode say(String session, String user, String text, String... models) {
    var reply = answerTo("message", message(session, user, text, models));
    if (!reply.path("ok").asBoolean()) {
      throw new AssertionError("not taken: " + reply);
    }
    return reply;
  }

  static ObjectNode message(String session, String user, String text, String... models) {
    var message = ids(session, user).put("message", text);
    var ids = message.putArray("modelIds");
    for (var model : models) {
      ids.add(model);
    }
    return message;
  }

  static ObjectNode ids(String session, String user) {
    return payload().put("sessionId", session).put("userId", user);
  }

  private static JSONObject jsonObject(ObjectNode payload) {
    try {
      return new JSONObject(payload.toString());
    } catch (JSONException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public void close() {
    socket.disconnect();
  }
}
