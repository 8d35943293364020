package dev.askape.socketio;

import dev.askape.engineio.EngineSettings;
import java.time.Duration;

/// How a [SocketServer] behaves and what it puts up with from one connection.
///
/// @param path where clients connect, `/socket.io/` unless they are told otherwise
/// @param pingInterval how often the server pings
/// @param pingTimeout how long a client may take to answer a ping
/// @param upgradeTimeout how long an upgrade to WebSocket may take
/// @param connectTimeout how long a connection may be in no namespace
/// @param maxPayload bytes of one POST body, of one WebSocket message, and of one packet together
///   with its attachments
/// @param jsonDepth nesting of a packet's JSON, its outermost array included
/// @param maxAttachments binary attachments of one packet
/// @param maxPendingEvents tasks that may wait in one socket's serial queue, and packets that may
///   wait while its CONNECT is decided
/// @param maxPendingAcks answers of the client that may be awaited at once by one socket
/// @param maxSockets connections at once; more are answered 503
/// @param maxSocketsPerAddress of these from one address; loopback has no such limit
/// @param maxQueuedBytes bytes that may wait for a client that does not read, besides the packet
///   being written; with more it is closed
/// @param maxQueuedPackets packets that may wait likewise
public record SocketSettings(
    String path,
    Duration pingInterval,
    Duration pingTimeout,
    Duration upgradeTimeout,
    Duration connectTimeout,
    int maxPayload,
    int jsonDepth,
    int maxAttachments,
    int maxPendingEvents,
    int maxPendingAcks,
    int maxSockets,
    int maxSocketsPerAddress,
    int maxQueuedBytes,
    int maxQueuedPackets) {
  public static SocketSettings defaults() {
    return new SocketSettings(
        "/socket.io/",
        Duration.ofSeconds(25),
        Duration.ofSeconds(20),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        1_000_000,
        32,
        10,
        256,
        64,
        20_000,
        1_000,
        1_000_000,
        4_096);
  }

  public SocketSettings withHeartbeat(Duration interval, Duration timeout) {
    return new SocketSettings(
        path,
        interval,
        timeout,
        upgradeTimeout,
        connectTimeout,
        maxPayload,
        jsonDepth,
        maxAttachments,
        maxPendingEvents,
        maxPendingAcks,
        maxSockets,
        maxSocketsPerAddress,
        maxQueuedBytes,
        maxQueuedPackets);
  }

  public SocketSettings withTimeouts(Duration upgrade, Duration connect) {
    return new SocketSettings(
        path,
        pingInterval,
        pingTimeout,
        upgrade,
        connect,
        maxPayload,
        jsonDepth,
        maxAttachments,
        maxPendingEvents,
        maxPendingAcks,
        maxSockets,
        maxSocketsPerAddress,
        maxQueuedBytes,
        maxQueuedPackets);
  }

  EngineSettings engine() {
    return new EngineSettings(
        path,
        pingInterval,
        pingTimeout,
        upgradeTimeout,
        maxPayload,
        maxSockets,
        maxSocketsPerAddress,
        maxQueuedBytes,
        maxQueuedPackets);
  }
}
