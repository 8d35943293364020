package dev.askape.chat;

/// A running answer.
final class Answer {}
