/// Between the protocol half and the chat half: client events become calls of
/// [dev.askape.chat.Chat], and what happens in a session becomes server events. Every event name
/// lives here and nowhere else.
///
/// - [Gateway] takes sockets and makes a [Client] of each. A client's events arrive on its event
///   loop, where they are counted and decoded ([ClientEvents]), and are carried out one after
///   another on its serial queue, which may block.
/// - A [Viewer] is a client's position in the log of one session, with a [TurnCursor] for each turn
///   that is not told to its end. It is confined to the socket's event loop, renders what is due
///   whenever the socket takes more, and else costs a few positions. A [Ticker] for each event loop
///   paces it.
/// - [AnswerRendering] is an answer as JSON bytes, escaped and encoded once for all viewers;
///   [ChunkFrames] wraps slices of it. [ServerEvents] makes all other events.
@NullMarked
package dev.askape.gateway;

import org.jspecify.annotations.NullMarked;
