/// The embedded store: conversations in one SQLite file, or in memory.
///
/// [SqliteStore] is the port's implementation and [SqliteSettings] its limits. [DataFile] is the
/// place and its lock, [Schema] the tables and their versions, [Database] a connection; the SQL
/// stands in [SessionRows], [TurnRows], [AnswerRows], [PartRows], [AccountRows], [HoldRows] and
/// [Interruption].
///
/// ## Threads
///
/// ```
/// callers (virtual) ── Job ──► JobQueue ──► sqlite-writer ──► its connection
///                   ── Job ──► JobQueue ──► sqlite-reader-n ─► a read-only connection each
/// ```
///
/// Native calls hold on to a virtual thread's carrier, so platform threads make all of them;
/// callers wait in Java. In memory there is one connection, and reads take their turn among the
/// writes. Queues are bounded, and so is every wait: `maxWait` for a turn and an outcome, and once
/// more if the commit has begun by then. An interrupt does not shorten a wait, and is kept.
/// [SqliteStore#close] finishes what is queued and ends the threads.
///
/// ## Schema (version 2)
///
/// ```
/// sessions       id · owner_kind, owner_id · title · message_count · last_seq
///  │             · created_at · updated_at           index: owner, updated_at
///  ├─ participants  session_id, place · user_id · name
///  ├─ session_usage session_id · answers · prompt_tokens · completion_tokens · cost
///  └─ turns         id (that of the AI entry) · session_id, seq (unique) · user_message_id
///      │            (unique) · sender_kind, sender_id, client_message_id (unique in the session;
///      │            null: none) · content · tokens · created_at · epoch · running (indexed)
///      └─ answers   id · turn_id, place, attempt (unique) · model_id · model_name · state
///          │        · content · reasoning · fragments · error_type, error_id · finish_reason
///          │        · token counts · cost · first_token_ms · duration_ms · created_at
///          │        · served_by
///          └─ parts answer_id, kind, start · text: what was said from `start` on, until the
///                   answer ends
/// accounts       kind, id · answers · prompt_tokens · completion_tokens · cost: booked, in all
///                · reserved_tokens, reserved_cost · day, day_tokens, day_cost: what was asked on
///                the latest day, booked and reserved
/// holds          answer_id · turn_id · kind, id: who pays · day · prompt_tokens
///                · completion_tokens · cost: put aside, zeros where no budget applies
/// ```
///
/// - Deleting a row deletes what hangs on it. Space is used again, the file does not shrink.
/// - Times are nanoseconds since 1970, names of kinds and states those of the enums.
/// - An answer has a hold until it is booked; to book is to delete the hold and to add what was
///   used to the account and the session, in one transaction with the answer's end. Holds and
///   accounts outlive sessions. Money is in billionths.
/// - `content` is UTF-8. `parts.text` is UTF-16 in a BLOB, because a part may end between the
///   halves of a surrogate pair. SQL's text functions stop at a NUL character and are not used.
/// - Parts may come twice, longer, or overlapping; what follows a gap is left out.
/// - A turn runs while an answer of it has not ended, as the rows say: the ends of its answers may
///   be committed in any order, and one that could not be written is ended at the next start.
/// - The version is `PRAGMA user_version`. An older file is upgraded in a transaction when it is
///   opened, a newer one is refused, and so is one without AskApe's `application_id`.
///
/// ## Durability
///
/// - Write-ahead log with `synchronous = FULL`: a commit syncs the log before it returns, and a
///   caller is told after that. It survives a power cut as far as the disk keeps its word. The
///   driver's SQLite syncs with `fsync`, on macOS with `F_FULLFSYNC`.
/// - The writer takes all that waits (at most `maxBatch`) into one transaction: a hundred messages
///   at once cost one sync. Each has a savepoint and fails alone. A transaction that fails as a
///   whole, as on a full disk, is tried again one write at a time; when there is space again,
///   writing goes on.
/// - A checkpoint waits `checkpointDelay` for others, so however many answers run, their
///   checkpoints alone cost at most one sync in that time, and none when messages are written
///   anyway.
/// - About every 1,000 pages (4 MB) of log a commit also moves the log into the file, which costs
///   two more syncs.
/// - A call that was given up has no effect: in the queue it is withdrawn, while it runs it is
///   rolled back. If its commit had begun and succeeds after all, an accepted turn is taken back at
///   once (only a process that dies in between leaves it, to be ended as interrupted); checkpoints
///   and ends of answers stay, which may be repeated, and so do a deletion and a change of owner:
///   applied, but reported as failed.
/// - To copy a data file in use, take `sqlite3 FILE .backup`, or FILE and FILE-wal together while
///   AskApe is stopped.
@NullMarked
package dev.askape.storage.sqlite;

import org.jspecify.annotations.NullMarked;
