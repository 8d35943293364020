package dev.askape.chat;

/// A running turn.
final class Turn {}
