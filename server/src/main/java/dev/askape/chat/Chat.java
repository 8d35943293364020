package dev.askape.chat;

/// The door to the domain.
public final class Chat {}
