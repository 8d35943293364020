package dev.askape.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askape.chat.Answer;
import dev.askape.chat.AnswerRecord;
import dev.askape.chat.AnswerState;
import dev.askape.chat.ConversationStore.Durability;
import dev.askape.chat.Ending;
import dev.askape.chat.JoinResult;
import dev.askape.chat.Party;
import dev.askape.chat.SessionId;
import dev.askape.chat.Turn;
import dev.askape.json.ChatJson;
import dev.askape.socketio.EncodedPacket;

/// Every event that the server sends but the chunks of answers, see [ChunkFrames].
final class ServerEvents {
  static final String NAMESPACE = "/";

  private ServerEvents() {}

  private static EncodedPacket event(String name, Object payload) {
    return EncodedPacket.event(NAMESPACE, name, payload);
  }

  /// @param self the id by which the client is known, a guest's for its future requests
  static EncodedPacket sessionJoined(
      SessionId session, JoinResult.Joined joined, String self, boolean usingDatabase) {
    var participants = ChatJson.array();
    joined
        .participants()
        .forEach(p ->
            participants.add(ChatJson.object().put("id", p.user().id()).put("name", p.name())));
    var payload =
        ChatJson.object()
            .put("sessionId", session.value())
            .put("guestId", self)
            .put("usingDatabase", usingDatabase)
            .put("ownerId", joined.owner().id());
    payload.set("participants", participants);
    return event("session_joined", payload.put("running", joined.running().size()));
  }

  static EncodedPacket sessionHistory(ArrayNode entries) {
    return event("session_history", entries);
  }

  static EncodedPacket historyChunk(SessionId session, ArrayNode entries, boolean hasMore) {
    var payload = ChatJson.object().put("sessionId", session.value());
    payload.set("messages", entries);
    return event("history_chunk", payload.put("hasMore", hasMore));
  }

  static EncodedPacket messageSaved(Turn turn) {
    var payload =
        ChatJson.object()
            .put("id", turn.userMessageId().value())
            .put("sessionId", turn.sessionId().value())
            .put("messageId", turn.messageId().value())
            .put("stored", stored(turn));
    turn.clientMessageId().ifPresent(id -> payload.put("clientMessageId", id.value()));
    if (turn.durability() != Durability.DATABASE) {
      payload.put("durable", turn.durability() == Durability.DISK);
    }
    return event("message_saved", payload);
  }

  static String stored(Turn turn) {
    return turn.durability() == Durability.DATABASE ? "mongodb" : "memory";
  }

  static EncodedPacket messageNotSaved(ClientEvent.SendMessage message) {
    var payload =
        ChatJson.object()
            .put("id", "")
            .put("sessionId", message.sessionId().value())
            .put("stored", "failed")
            .put("error", ErrorCode.SAVE_ERROR.sentence());
    message.clientMessageId().ifPresent(id -> payload.put("clientMessageId", id.value()));
    return event("message_saved", payload);
  }

  static EncodedPacket userMessage(Turn turn) {
    var payload =
        ChatJson.turnNames(turn)
            .put("id", turn.userMessageId().value())
            .put("role", "USER")
            .put("content", turn.content())
            .put("createdAt", ChatJson.date(turn.createdAt()));
    ChatJson.addSender(payload, turn.sender());
    return event("user_message", payload);
  }

  static EncodedPacket streamingStarted(Turn turn) {
    var models = ChatJson.array();
    for (var answer : turn.answers()) {
      models.add(
          ChatJson.object().put("id", answer.modelId().value()).put("name", answer.modelName()));
    }
    var payload = ChatJson.turnNames(turn);
    payload.set("models", models);
    return event("streaming_started", payload);
  }

  static EncodedPacket modelStreamingStart(Turn turn, Answer answer) {
    return event("model_streaming_start", names(turn, answer));
  }

  /// The names of an answer, and who gives it in the place of its model, once that is known.
  private static ObjectNode names(Turn turn, Answer answer) {
    var names = ChatJson.answerNames(turn, answer);
    answer.servedBy().ifPresent(other -> names.put("servedBy", other.value()));
    return names;
  }

  /// The one terminal event of an answer.
  static EncodedPacket answerEnded(Turn turn, Answer answer, Ending ending) {
    return ending.failure().isPresent()
        ? modelError(turn, answer, ending, ending.failure().get())
        : modelStreamingComplete(turn, answer, ending);
  }

  private static EncodedPacket modelStreamingComplete(Turn turn, Answer answer, Ending ending) {
    var payload =
        names(turn, answer)
            .put("content", answer.said().whole())
            .put("tokensUsed", ending.usage().completionTokens())
            .put("chunkCount", answer.said().fragments());
    ending.finishReason().ifPresent(why -> payload.put("finishReason", ChatJson.word(why)));
    payload.set("usage", ChatJson.usage(ending.usage()));
    addTimes(payload, ending);
    return event("model_streaming_complete", payload);
  }

  private static EncodedPacket modelError(
      Turn turn, Answer answer, Ending ending, AnswerRecord.Failure failure) {
    var payload =
        names(turn, answer)
            .put("error", failure.type().sentence())
            .put("type", ChatJson.word(failure.type()))
            .put("retryable", failure.type().retryable())
            .put("content", answer.said().whole())
            .put("errorId", failure.errorId())
            .put("tokensUsed", ending.usage().completionTokens())
            .put("chunkCount", answer.said().fragments());
    payload.set("usage", ChatJson.usage(ending.usage()));
    addTimes(payload, ending);
    return event("model_error", payload);
  }

  private static void addTimes(ObjectNode payload, Ending ending) {
    ending.firstTokenMs().ifPresent(ms -> payload.put("firstTokenMs", ms));
    ending.durationMs().ifPresent(ms -> payload.put("durationMs", ms));
    if (!ending.stored()) {
      payload.put("stored", "failed");
    }
  }

  static EncodedPacket allResponsesComplete(Turn turn) {
    var outcomes = ChatJson.array();
    int completed = 0;
    for (var answer : turn.answers()) {
      var state = answer.state();
      completed += state == AnswerState.COMPLETED ? 1 : 0;
      outcomes.add(
          ChatJson.object()
              .put("modelId", answer.modelId().value())
              .put("id", answer.id().value())
              .put("state", ChatJson.word(state)));
    }
    var payload = ChatJson.turnNames(turn).put("modelsCompleted", completed);
    payload.set("outcomes", outcomes);
    return event("all_responses_complete", payload);
  }

  static EncodedPacket sessionDeleted(SessionId session) {
    return event("session_deleted", ChatJson.object().put("sessionId", session.value()));
  }

  /// Typing and drafts: what somebody else in the session is about to say.
  static EncodedPacket typing(ClientEvent.Typing typing, Party who) {
    var payload = ChatJson.object().put("sessionId", typing.sessionId().value());
    typing.draft().ifPresent(text -> payload.put("content", text));
    payload.set("user", typist(who));
    return event(typing.kind().told(), payload);
  }

  /// A guest's id is nobody's business, for whoever knows it is that guest: the others see one that
  /// only tells guests apart.
  private static ObjectNode typist(Party who) {
    return switch (who) {
      case Party.User(var id) -> ChatJson.object().put("id", id).put("name", id);
      case Party.Guest(var id) ->
          ChatJson.object().put("id", Pseudonyms.of(id)).put("name", "Guest");
    };
  }

  static EncodedPacket error(ObjectNode error) {
    return event("error", error);
  }
}
