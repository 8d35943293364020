package dev.askape.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askape.chat.WellFormed;
import dev.askape.json.ChatJson;
import dev.askape.socketio.Ack;
import java.util.function.Consumer;

/// What a client hears of its own event besides the events it causes: its callback if it gave one,
/// else only problems, as an `error`. Safe for any thread.
///
/// @param event the name of the client's event
record Reply(String event, Ack ack, Outlet outlet) {
  private static final int LONGEST_NAME = 64;

  Reply {
    event = WellFormed.text(event.substring(0, Math.min(event.length(), LONGEST_NAME)));
  }

  void ok() {
    ok(_ -> {});
  }

  void ok(Consumer<ObjectNode> more) {
    if (ack.wanted()) {
      var json = ChatJson.object().put("ok", true);
      more.accept(json);
      ack.send(json);
    }
  }

  void problem(Problem problem) {
    var error = problem.toJson(event);
    if (ack.wanted()) {
      var json = ChatJson.object().put("ok", false);
      json.set("error", error);
      ack.send(json);
    } else {
      outlet.send(ServerEvents.error(error));
    }
  }
}
