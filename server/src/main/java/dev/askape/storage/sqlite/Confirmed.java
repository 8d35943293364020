package dev.askape.storage.sqlite;

import dev.askape.chat.AnswerRecord;
import dev.askape.chat.MessageId;
import java.util.Optional;

/// A record that the primary store has confirmed.
///
/// @param answer empty for the user's message
public record Confirmed(MessageId turn, Optional<AnswerRecord> answer) {}
