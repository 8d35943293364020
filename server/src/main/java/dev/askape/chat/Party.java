package dev.askape.chat;

/// Somebody who owns sessions and sends messages. Users and guests are separate name spaces: a
/// guest called like a user is not that user.
public sealed interface Party {
  String id();

  record User(String id) implements Party {}

  record Guest(String id) implements Party {}
}
