/// Engine.IO v4: connections of text and binary messages over HTTP long-polling and WebSocket, with
/// an upgrade from the one to the other and a heartbeat.
///
/// An [EngineServer][dev.askape.engineio.EngineServer] is the route of one path; it makes an
/// [EngineSocket][dev.askape.engineio.EngineSocket] for each client, whose user implements
/// [EngineListener][dev.askape.engineio.EngineListener]. What goes out are
/// [EnginePacket][dev.askape.engineio.EnginePacket]s, encoded once for any number of sockets.
///
/// Threads: everything of one client (its GETs, its POSTs, its WebSocket) happens on one event
/// loop: a request that arrives on another is moved there with its connection. Sending and closing
/// may be done by any thread, and hop.
@NullMarked
package dev.askape.engineio;

import org.jspecify.annotations.NullMarked;
