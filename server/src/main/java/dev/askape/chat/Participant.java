package dev.askape.chat;

/// Somebody added to a session besides its owner. The name is never empty.
public record Participant(Party.User user, String name) {}
