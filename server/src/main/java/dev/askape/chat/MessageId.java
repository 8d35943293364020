package dev.askape.chat;

/// The id of an entry of a session's history, made by the server.
public record MessageId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
