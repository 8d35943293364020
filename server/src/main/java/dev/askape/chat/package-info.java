/// The domain: a session is a log of turns, an answer is an append-only text, and everybody else
/// holds a position in them. Knows nothing of sockets, JSON, HTTP or SQL.
///
/// [Chat] is the door; [Session], [Turn] and [Answer] live in memory while somebody watches or
/// something runs. What the domain needs from outside it declares here as ports: [LanguageModel]
/// (asks a model) and [ConversationStore] (keeps what was said, and what that has cost).
///
/// A message on its way: [TurnPlanner] decides whom it asks and what that may use, the store takes
/// it with a [Reservation], [TurnRun] runs it with an [AnswerRun] for each answer, [TurnMeter]
/// watches over its budget, [Costs] says what was used.
@NullMarked
package dev.askape.chat;

import org.jspecify.annotations.NullMarked;
