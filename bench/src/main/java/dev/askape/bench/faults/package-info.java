/// Faults: what becomes of messages and answers when the server is killed, its machine loses power,
/// or its disk is full. Nothing here is shipped.
///
/// `bench/faults` starts [Faults], which runs one trial after another against a server in a process
/// of its own, with the stand-in for the models in this one:
///
/// - [KillTrial]: `kill -9` at random moments.
/// - [PowerTrial]: the same, and what was not synced is dropped. A preloaded library (`synclog.c`)
///   tells of every write and sync, [Disk] keeps of each file what a disk would have.
/// - [PointTrial]: the process halts itself at a named [Point] of a turn ([HaltingServer]).
/// - [FullDiskTrial], [TornLogTrial]: a full disk, and a log that ends in half a page.
///
/// ## The checker
///
/// ```
/// Chatter ── sends ──► server            a fresh client at the end
///    │  ◄── Wire ── events                     │ everything that is kept
///    └─► Hearing (one connection) ─► Talk (one session, all connections) ─► Findings
/// ```
///
/// A [Chatter] is one client: it sends, comes back after each loss of the connection, and sends
/// again what was not acknowledged, under the same `clientMessageId`. [Hearing] checks the order of
/// what one connection hears, [Talk] what one session was told against what is kept of it.
///
/// ## Threads
///
/// A virtual thread for each client, the threads of the JDK's WebSocket for what comes; [Talk],
/// [Findings] and [Kills] are safe for any thread.
@NullMarked
package dev.askape.bench.faults;

import org.jspecify.annotations.NullMarked;
