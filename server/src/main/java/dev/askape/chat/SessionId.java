package dev.askape.chat;

/// The id of a session, chosen by the client.
public record SessionId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
