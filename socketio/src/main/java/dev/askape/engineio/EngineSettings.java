package dev.askape.engineio;

import java.time.Duration;

/// How an [EngineServer] behaves.
///
/// @param path of its requests, as in `/engine.io/`
/// @param pingInterval from a client's pong (or its start) to the next ping
/// @param pingTimeout how long a client may take to answer a ping
/// @param upgradeTimeout how long a WebSocket may take to complete an upgrade
/// @param maxPayload bytes of one POST body and of one WebSocket message
/// @param maxSockets clients at once; more are answered 503
/// @param maxSocketsPerAddress of these from one address; loopback has no such limit
/// @param maxQueuedBytes bytes that may wait for a client, besides what is being written to it
/// @param maxQueuedPackets sends that may wait likewise
public record EngineSettings(
    String path,
    Duration pingInterval,
    Duration pingTimeout,
    Duration upgradeTimeout,
    int maxPayload,
    int maxSockets,
    int maxSocketsPerAddress,
    int maxQueuedBytes,
    int maxQueuedPackets) {}
