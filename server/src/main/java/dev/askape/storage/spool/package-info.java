/// Fail-over between a primary store, which may go away at any time, and a spool on this machine's
/// disk, which holds the sessions in use and what the primary store has not confirmed.
///
/// [FailoverStore] is the port's implementation and [SpoolSettings] its limits; the disk's side is
/// [dev.askape.storage.sqlite.SqliteSpool]. [Primary] is the wall around the primary store,
/// [Health] whether it is worth asking, [Behind] which sessions it lacks something of, [Overlay]
/// reads, [SessionChanges] deletes, [Replayer] and [Replay] repeat, [Mirroring] brings sessions
/// here, [Ownership] says whose a running turn is, [Migration] copies all sessions for good.
///
/// ## A write
///
/// ```
/// caller ─► spool: synced, with a note that it is not confirmed
///        ─► is the session behind, or the primary store away?
///             yes ─► the replayer is told; done, "memory"
///             no  ─► the primary store, for as long as patience lasts
///                      done          ─► done, "mongodb"; the note is removed some time later
///                      refused       ─► taken back; the caller is told
///                      anything else ─► the session is behind; done, "memory"
/// ```
///
/// - The record is safe before the primary store is asked, so nothing that becomes of that call has
///   to be understood: it is repeated until it is confirmed. Repeating is right because a record is
///   known by its own id and never changes: a message, or the end of an answer. Running text is not
///   spooled but mirrored; what it came to stands in the end.
/// - A session that is behind is written to the spool and read from it, until it has caught up: the
///   order within a session is that of its sequence numbers.
/// - A session goes on without the primary store if it is mirrored: its record and as many of its
///   newest turns as a model may be told of. Whether an id that is not mirrored is a new session is
///   known when all ids have been learnt once; else it is [dev.askape.chat.StoreAwayException].
///   This holds while nobody else writes to the primary store.
/// - A message that the primary store will never take is a dead letter, and so is an answer's end
///   that lost to a newer epoch. Messages whose places were taken get new ones behind those.
///
/// ## Threads
///
/// Callers wait for the spool, and for the primary store at most their patience: each call of it
/// runs on a virtual thread of its own, so many at once. One virtual thread repeats, with a few
/// helpers; one tells the spool what was confirmed; some mirror. [FailoverStore#close] ends them.
@NullMarked
package dev.askape.storage.spool;

import org.jspecify.annotations.NullMarked;
