package dev.askape.chat;

import java.util.List;
import java.util.Optional;

/// A message to a session.
///
/// @param origin whatever lets the sender recognise the turn as the one of this message
/// @param models whom to ask; empty means the default models. No id twice.
public record Post(
    SessionId sessionId,
    Asker asker,
    Object origin,
    String content,
    List<ModelId> models,
    Optional<ClientMessageId> clientMessageId) {
  public Post {
    models = List.copyOf(models);
  }
}
