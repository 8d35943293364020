/// Many clients of the contract in one event loop: each joins a session of its own, asks its
/// models, waits until all have answered and asks again.
///
/// They speak Engine.IO and Socket.IO by hand over Netty's WebSocket, read no more of a frame than
/// they need and build no objects from it, so that they are not what limits a run. With the
/// stand-in's `text=stamp` every fragment says when it was sent, and [Tally] has how long each was
/// on its way.
///
/// Main types: [Load], [LoadClient], [SlowClient]. Everything runs on the one event loop of a
/// [Load], whose methods are for the thread that measures.
@NullMarked
package dev.askape.bench.load;

import org.jspecify.annotations.NullMarked;
