package dev.askape.chat;

import java.util.List;

/// What a model is told: messages, oldest first, the last one the user's, and how to answer.
public record Prompt(List<Message> messages, ModelParameters parameters) {
  public Prompt {
    messages = List.copyOf(messages);
  }

  /// One message of the conversation.
  public record Message(Role role, String content) {}

  /// Whose words a message holds.
  public enum Role {
    SYSTEM,
    USER,
    ASSISTANT
  }
}
