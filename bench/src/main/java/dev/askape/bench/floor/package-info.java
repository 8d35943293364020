/// The floor: what it costs at least to bring the fragments of a model to clients on this machine.
///
/// A relay with bare Netty: it reads the stand-in's server-sent events, looks for the text in each
/// line, and writes one frame with all that is new for a client every 25 ms. It speaks just enough
/// of Engine.IO and Socket.IO for the clients of this module, checks nothing, stores nothing and
/// keeps no text. Main types: [FloorServer], [FloorConnection], [FloorRequest].
@NullMarked
package dev.askape.bench.floor;

import org.jspecify.annotations.NullMarked;
