package dev.askape.chat;

/// The id a client gives its own message, so that sending it twice has one effect.
public record ClientMessageId(String value) {}
