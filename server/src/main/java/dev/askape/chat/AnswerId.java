package dev.askape.chat;

/// The id of one answer, made by the server. Asking a model again makes a new one.
public record AnswerId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
