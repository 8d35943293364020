package dev.askape;

import dev.askape.chat.ConversationStore;
import dev.askape.chat.Models;

/// What stands between a server and its store and models, to watch or to disturb what they do:
/// nothing, but in trials. Safe for any thread.
public interface Around {
  /// As it is: nothing stands between.
  Around NOTHING = new Around() {};

  /// The store as the server shall see it, once what was running has been ended in it.
  default ConversationStore store(ConversationStore store) {
    return store;
  }

  /// The models as the server shall see them.
  default Models models(Models models) {
    return models;
  }
}
