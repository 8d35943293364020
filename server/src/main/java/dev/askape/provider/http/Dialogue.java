package dev.askape.provider.http;

import dev.askape.chat.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A prompt for APIs that want the system's words apart and user and assistant in turn: empty
/// messages are left out, and what the same one says twice in a row is one message.
///
/// @param system all that the system says; may be empty
public record Dialogue(String system, List<Prompt.Message> messages) {
  private static final String BETWEEN = "\n\n";

  public Dialogue {
    messages = List.copyOf(messages);
  }

  public static Dialogue of(Prompt prompt) {
    var system =
        prompt.messages().stream()
            .filter(message -> message.role() == Prompt.Role.SYSTEM)
            .map(Prompt.Message::content)
            .filter(content -> !content.isBlank())
            .collect(Collectors.joining(BETWEEN));
    var messages = new ArrayList<Prompt.Message>();
    for (var message : prompt.messages()) {
      if (message.role() == Prompt.Role.SYSTEM || message.content().isBlank()) {
        continue;
      }
      if (!messages.isEmpty() && messages.getLast().role() == message.role()) {
        var before = messages.removeLast();
        messages.add(
            new Prompt.Message(message.role(), before.content() + BETWEEN + message.content()));
      } else {
        messages.add(message);
      }
    }
    return new Dialogue(system, messages);
  }
}
