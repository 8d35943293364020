/// Fail-over between a primary store, which may go away, and a spool on this machine's disk.
///
/// [FailoverStore] is the port's implementation, [SpoolSettings] its limits; the disk's side is
/// [dev.askape.storage.sqlite.SqliteSpool].
@NullMarked
package dev.askape.storage.spool;

import org.jspecify.annotations.NullMarked;
