package dev.askape.chat;

/// A live session.
final class Session {}
