/// Socket.IO v5: named events with acknowledgements between a server and its clients, in namespaces
/// and rooms.
///
/// A [SocketServer][dev.askape.socketio.SocketServer] has
/// [Namespace][dev.askape.socketio.Namespace]s, in which each client that was let in is a
/// [Socket][dev.askape.socketio.Socket]. What is to be sent to many is an
/// [EncodedPacket][dev.askape.socketio.EncodedPacket], encoded once.
///
/// Threads: packets are decoded, and [raw listeners][dev.askape.socketio.EventListener] called, on
/// the event loop of the connection. Whatever may block (deciding who gets in, event handlers,
/// tasks) runs on the socket's serial queue, one after another, on virtual threads. All that sends
/// may be called by any thread.
@NullMarked
package dev.askape.socketio;

import org.jspecify.annotations.NullMarked;
