package dev.askape.gateway;

import dev.askape.chat.Turn;

/// A message on its way: tells its sender, once, that it is saved. Confined to the socket's event
/// loop.
final class Sending {
  private final Outlet outlet;
  private final Reply reply;
  private boolean told;

  Sending(Outlet outlet, Reply reply) {
    this.outlet = outlet;
    this.reply = reply;
  }

  boolean isBy(Outlet other) {
    return outlet.equals(other);
  }

  /// Called by whoever comes first: the viewer that meets the turn in the log, or who posted it.
  void tellSaved(Turn turn) {
    if (!told) {
      told = true;
      outlet.send(ServerEvents.messageSaved(turn));
      reply.ok(json -> {
        json.put("id", turn.userMessageId().value())
            .put("stored", ServerEvents.stored(turn))
            .put("messageId", turn.messageId().value());
      });
    }
  }
}
