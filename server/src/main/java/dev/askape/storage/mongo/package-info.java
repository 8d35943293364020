/// The store in MongoDB: on a standalone server, a replica set or a sharded cluster.
///
/// [MongoStore] is the port's implementation, [MongoSettings] its limits and [MongoUri] the way
/// there. A call runs on a thread of [Calls] in a [Round], which says until when and may come
/// twice. [Acceptance] takes messages, [AnswerWrites] writes what is answered, [Accounts] what was
/// used, [Sweep] ends what dead processes left ([Presence], [Interruption]), [Tenure] is how long
/// nobody can have taken this one for dead. Documents are made and read in [SessionDocuments],
/// [TurnDocuments], [AnswerDocuments] and [Ledger]; [Schema] has the indexes.
///
/// ## Threads
///
/// ```
/// callers (virtual) ── Calls ──► mongo-n (virtual, one for each call) ── the driver's pool ──► MongoDB
///                                mongo-sweep (virtual) ── a heartbeat and a look for dead processes
/// ```
///
/// A caller waits for `operationTimeout` and half a second at most. An interrupt does not shorten a
/// wait, and is kept. What MongoDB does with a call that was given up, it does.
///
/// ## Documents (version 1)
///
/// ```
/// sessions   _id = sessionId · owner (kind/id), ownerKind, ownerId, userId | guestId · participants
///            · title · messageCount · lastSeq · createdAt · updatedAt · activity (it in nanoseconds)
/// messages   _id = messageId · sessionId, seq (unique) · sessionId, key (unique) · role · createdAt
///   USER     content · tokensUsed · userId | guestId · clientMessageId? · turn {id, epoch, and while
///            it runs: owner, answers, session}
///   AI       aiResponses [{id, modelId, modelName, content, tokensUsed, createdAt, state, place,
///            attempt, reasoning, error?, finishReason?, usage …}] · replacedResponses? · tokensUsed
///            · userMessageId · epoch · parts {answer: [{kind, offset, text}]}
/// accounts   _id = kind/id · version · booked {…} · reserved… · day… · holds {answer: …}, holding
///            · lastBooked
/// nodes      _id = node/number of a process · node · seenAt, and one with the version of all this
/// ```
///
/// - Names, roles and states are the contract's, so that others can read the database. Times are
///   dates; what is finer than a millisecond stands beside them in `…Nanos`.
/// - `key` is the sender and his `clientMessageId`; where he gave none, the message's own id.
/// - Text is UTF-8. A part that begins or ends in the middle of a surrogate pair is UTF-16 in a
///   binary value.
/// - A newer schema is refused. There are no transactions, no partial or TTL indexes, no
///   collations. The unique indexes begin with the session, and every change of a session's
///   documents names it: with `sessionId` as the shard key, each goes to one shard.
///
/// ## What is one step
///
/// - **A message** is taken by the insert of its USER entry, which has the intent to answer it, and
///   its session as it then is. The session's document follows.
/// - **The AI entry** is made with the first thing that is written of the answers, out of the
///   intent. A checkpoint appends to `parts`; the end of an answer puts it into its place in
///   `aiResponses` and takes away its parts, in one update. An answer runs while it has a place in
///   `parts`.
/// - **Every update** of the AI entry matches only while no epoch newer than the writer's is in it.
///   Who takes a turn over raises the epoch in the USER entry, and then there, and reads only then
///   what the answers said: nothing that a frozen process writes later has any effect.
/// - **The end of a turn** takes the owner, the intent and the session out of the USER entry. What
///   was to be done before it is done by the sweep of another process, if this one dies.
/// - **The sweep** leaves a session alone of which the spool has more: how an answer ended during
///   an outage stands only there, and must come first.
/// - **Accounts** are changed as they were read, or read again. An answer that is among those that
///   were booked last is not booked again.
///
/// ## Durability
///
/// Writes are acknowledged by a majority, from its journals; reads are of the primary, as its
/// unique indexes see it. A write that was done and whose acknowledgement was lost is done once
/// when it is done again: a message that is there under its own id is a success.
///
/// An AI entry that would be larger than a document can be (16 MB) gets the beginning of the answer
/// that did not fit, which counts as failed (`too_large`).
@NullMarked
package dev.askape.storage.mongo;

import org.jspecify.annotations.NullMarked;
