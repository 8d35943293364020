package dev.askape.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.Asker;
import dev.askape.chat.Chat;
import dev.askape.chat.ChatSettings;
import dev.askape.chat.Model;
import dev.askape.chat.ModelId;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Models;
import dev.askape.chat.MovedClock;
import dev.askape.chat.Party;
import dev.askape.chat.Quiet;
import dev.askape.chat.Result;
import dev.askape.chat.ScriptedModel;
import dev.askape.chat.SessionId;
import dev.askape.chat.WatchedStore;
import dev.askape.chat.WatchedStore.Call;
import dev.askape.http.EventLoops;
import dev.askape.http.HttpServer;
import dev.askape.http.HttpSettings;
import dev.askape.socketio.SocketServer;
import dev.askape.socketio.SocketSettings;
import dev.askape.storage.sqlite.SqliteSettings;
import dev.askape.storage.sqlite.SqliteStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The gateway on a real server, with a store that fails when it is told to.
class GatewayTest {
  private final Quiet quiet = new Quiet("dev.askape");
  private final WatchedStore store = new WatchedStore(SqliteStore.open(SqliteSettings.memory()));
  private final ScriptedModel model = new ScriptedModel();
  private final Chat chat =
      new Chat(
          store,
          new Models(List.of(asModel()), List.of()),
          String::length,
          ChatSettings.defaults(),
          new MovedClock());
  private final EventLoops loops = EventLoops.start(1);
  private final SocketServer sockets = new SocketServer(SocketSettings.defaults(), loops);
  private final HttpServer server = start();
  private final WireClient client = new WireClient(server.port());

  private Model asModel() {
    return new Model(
        new ModelId("a"),
        "A",
        "scripted",
        true,
        OptionalInt.empty(),
        Optional.empty(),
        ModelParameters.DEFAULTS,
        model,
        () -> true);
  }

  private HttpServer start() {
    new Gateway(chat, GatewaySettings.defaults(), loops).attach(sockets);
    return HttpServer.start(
        HttpSettings.defaults().withAddress("127.0.0.1", 0), loops, List.of(sockets.route()));
  }

  @AfterEach
  void close() {
    client.close();
    server.stopAccepting();
    chat.drain(Duration.ZERO);
    sockets.close();
    server.close();
    loops.close();
    chat.close();
    store.close();
    quiet.close();
  }

  private static List<String> names(List<Sent> events) {
    return events.stream().map(Sent::event).toList();
  }

  private static String message(String content) {
    return "{\"sessionId\":\"s\",\"userId\":\"anna\",\"message\":\"" + content + "\"}";
  }

  /// Has a message answered, whole, on this socket.
  private List<Sent> answered(String content) {
    client.emit("message", message(content));
    var call = model.nextCall();
    call.says("Hi");
    call.finishes();
    return client.eventsTo("all_responses_complete");
  }

  @Test
  void tellsAMessageToItsSenderInOrder() {
    client.emit("join_session", "{\"sessionId\":\"s\",\"userId\":\"anna\"}");
    assertThat(names(client.eventsTo("session_history")))
        .containsExactly("session_joined", "session_history");

    assertThat(names(answered("hello")))
        .containsExactly(
            "message_saved",
            "streaming_started",
            "model_streaming_start",
            "message_chunk",
            "model_streaming_complete",
            "all_responses_complete");
  }

  @Test
  void acknowledgesAfterTheEvents() {
    client.ask("message", message("hello"));
    var call = model.nextCall();

    var events = client.eventsTo("ack");
    assertThat(names(events)).startsWith("message_saved").endsWith("ack");
    assertThat(events.getLast().payload().get("ok").booleanValue()).isTrue();
    assertThat(events.getLast().text("messageId")).isEqualTo(events.getFirst().text("messageId"));
    call.finishes();
  }

  @Test
  void saysThatAMessageWasNotSavedWhenTheStoreCannotTakeIt() {
    store.fail(Call.ACCEPT, 1);
    client.emit("message", message("hello"));

    var saved = client.nextEvent();
    assertThat(saved.event()).isEqualTo("message_saved");
    assertThat(saved.text("stored")).isEqualTo("failed");
    assertThat(saved.text("error")).isNotEmpty();
    assertThat(names(answered("again"))).startsWith("message_saved").doesNotContain("error");
  }

  @Test
  void saysThatAMessageWasNotSavedWhenTheStoreCannotSayWhoseTheSessionIs() {
    store.fail(Call.FIND_SESSION, 1);
    client.ask("message", message("hello"));

    var events = client.eventsTo("ack");
    assertThat(names(events)).containsExactly("message_saved", "ack");
    assertThat(events.getFirst().text("stored")).isEqualTo("failed");
    assertThat(events.getLast().payload().get("error").get("type").textValue())
        .isEqualTo("save_error");
    assertThat(names(answered("again"))).startsWith("message_saved").doesNotContain("error");
  }

  @Test
  void tellsASocketWhoseJoinFailedAllOfItsNextMessage() {
    answered("before");
    try (var other = new WireClient(server.port())) {
      store.fail(Call.LIST_TURNS, 1);
      other.emit("join_session", "{\"sessionId\":\"s\",\"userId\":\"anna\"}");
      var error = other.nextEvent();
      assertThat(error.event()).isEqualTo("error");
      assertThat(error.text("type")).isEqualTo("internal");
      assertThat(error.text("errorId")).startsWith("e_");

      other.emit("message", message("and now?"));
      model.nextCall().finishes();
      assertThat(names(other.eventsTo("all_responses_complete")))
          .containsExactly(
              "message_saved",
              "streaming_started",
              "model_streaming_start",
              "model_streaming_complete",
              "all_responses_complete");
    }
  }

  @Test
  void tellsTheOthersInASession() {
    answered("before");
    try (var other = new WireClient(server.port())) {
      other.emit("join_session", "{\"sessionId\":\"s\",\"userId\":\"anna\"}");
      other.eventsTo("session_history");
      client.emit("typing_start", "{\"sessionId\":\"s\",\"userId\":\"somebody else\"}");
      assertThat(client.nextEvent().event()).as("a bad id").isEqualTo("error");
      client.emit("input_change", "{\"sessionId\":\"s\",\"content\":\"hel\"}");
      answered("hello");

      var heard = other.eventsTo("all_responses_complete");
      assertThat(names(heard)).startsWith("input_changed", "user_message", "streaming_started");
      assertThat(heard.getFirst().payload().get("user").get("id").textValue()).isEqualTo("anna");
      assertThat(names(heard)).doesNotContain("message_saved");
    }
  }

  @Test
  void endsWhatIsToldOfASessionThatIsDeleted() {
    answered("before");
    assertThat(chat.delete(new SessionId("s"), new Asker(new Party.User("anna"))))
        .isEqualTo(new Result.Ok<>(true));

    var deleted = client.nextEvent();
    assertThat(deleted.event()).isEqualTo("session_deleted");
    assertThat(deleted.text("sessionId")).isEqualTo("s");
    assertThat(names(answered("anew"))).startsWith("message_saved");
  }

  @Test
  void acknowledgesAStopAfterTheEndsThatItBrings() {
    client.emit("message", message("hello"));
    var call = model.nextCall();
    call.says("so far");
    var started = client.eventsTo("message_chunk");
    var turn = started.getFirst().text("messageId");

    client.ask("stop", "{\"sessionId\":\"s\",\"messageId\":\"" + turn + "\"}");

    call.awaitInterrupted();
    var events = client.eventsTo("ack");
    assertThat(names(events))
        .containsExactly("model_streaming_complete", "all_responses_complete", "ack");
    assertThat(events.getFirst().text("finishReason")).isEqualTo("stopped");
    assertThat(events.getFirst().text("content")).isEqualTo("so far");
  }

  @Test
  void refusesMoreSessionsThanASocketMayJoin() {
    for (int i = 0; i < 32; i++) {
      client.ask("join_session", "{\"sessionId\":\"s" + i + "\",\"userId\":\"anna\"}");
      assertThat(client.eventsTo("ack").getLast().payload().get("ok").booleanValue()).isTrue();
    }
    client.ask("join_session", "{\"sessionId\":\"one-more\",\"userId\":\"anna\"}");
    var refused = client.eventsTo("ack").getLast().payload().get("error");
    assertThat(refused.get("type").textValue()).isEqualTo("bad_request");
    assertThat(refused.get("field").textValue()).isEqualTo("sessionId");

    client.emit("leave_session", "\"s0\"");
    client.ask("join_session", "{\"sessionId\":\"one-more\",\"userId\":\"anna\"}");
    assertThat(client.eventsTo("ack").getLast().payload().get("ok").booleanValue()).isTrue();
  }

  @Test
  void closesASocketThatSendsTooMuch() {
    int sent = 0;
    while (sent < 100_000 && client.tryEmit("typing_start", "{}")) {
      sent++;
    }

    client.awaitClosed();
    assertThat(sent).isBetween(100, 99_999);
    try (var back = new WireClient(server.port())) {
      back.emit("join_session", "{\"sessionId\":\"s\",\"userId\":\"anna\"}");
      assertThat(back.nextEvent().event()).isEqualTo("session_joined");
    }
  }

  @Test
  void goesOnTellingASocketThatCouldNotJoinAgain() {
    client.emit("join_session", "{\"sessionId\":\"s\",\"userId\":\"anna\"}");
    client.eventsTo("session_history");
    answered("hello");
    store.fail(Call.LIST_TURNS, 1);
    client.emit("join_session", "{\"sessionId\":\"s\",\"userId\":\"anna\"}");
    assertThat(client.eventsTo("error").getLast().payload().get("type").asText())
        .isEqualTo("internal");

    try (var other = new WireClient(server.port())) {
      other.emit("message", message("from elsewhere"));
      var call = model.nextCall();
      call.says("Hi");
      call.finishes();
      assertThat(names(client.eventsTo("all_responses_complete")))
          .startsWith("user_message", "streaming_started");
    }
  }
}
