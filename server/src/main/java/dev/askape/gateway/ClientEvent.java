package dev.askape.gateway;

import dev.askape.chat.ClientMessageId;
import dev.askape.chat.MessageId;
import dev.askape.chat.ModelId;
import dev.askape.chat.SessionId;
import dev.askape.identity.ShownIds;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a client asks for, decoded and valid. `shown` are the ids in the payload.
sealed interface ClientEvent {
  SessionId sessionId();

  ShownIds shown();

  /// Wants to follow a session.
  ///
  /// @param cursors for `delta`: what the client has of each answer, in UTF-16 code units
  record JoinSession(
      SessionId sessionId, ShownIds shown, StreamMode stream, Map<String, Integer> cursors)
      implements ClientEvent {
    public JoinSession {
      cursors = Map.copyOf(cursors);
    }
  }

  record SendMessage(
      SessionId sessionId,
      ShownIds shown,
      String message,
      List<ModelId> models,
      Optional<ClientMessageId> clientMessageId)
      implements ClientEvent {
    public SendMessage {
      models = List.copyOf(models);
    }
  }

  record LeaveSession(SessionId sessionId) implements ClientEvent {
    @Override
    public ShownIds shown() {
      return ShownIds.NONE;
    }
  }

  record FetchHistory(SessionId sessionId, ShownIds shown, MessageId before, int limit)
      implements ClientEvent {}

  record StopAnswers(
      SessionId sessionId, ShownIds shown, MessageId messageId, Optional<ModelId> modelId)
      implements ClientEvent {}

  /// Who types is who the socket is, whatever the payload says.
  ///
  /// @param draft for `input_change`: what stands in the input box
  record Typing(SessionId sessionId, Kind kind, Optional<String> draft) implements ClientEvent {
    @Override
    public ShownIds shown() {
      return ShownIds.NONE;
    }

    /// What a client does, and how the others hear of it.
    enum Kind {
      START("typing_started"),
      STOP("typing_stopped"),
      DRAFT("input_changed");

      private final String told;

      Kind(String told) {
        this.told = told;
      }

      String told() {
        return told;
      }
    }
  }
}
