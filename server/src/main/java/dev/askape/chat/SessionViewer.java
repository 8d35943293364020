package dev.askape.chat;

/// Somebody who follows a session: a position in its log, caught up with when it can. Called by any
/// thread; must not block.
public interface SessionViewer {
  /// Something happened that the viewer should hear of at once.
  void wake();

  /// An answer has grown; several such growths may be told together.
  void grown();

  /// The sequence number of the first turn that it has not finished with.
  long needsFrom();

  /// It does not follow the session any more.
  void dropped(Reason reason);

  /// Why a viewer was dropped.
  enum Reason {
    /// The session was deleted.
    DELETED,
    /// It may not reach the session any more.
    FORBIDDEN,
    /// The log does not hold any more what it would have to hear next.
    TOO_FAR_BEHIND,
    /// Another process has gone on with the session.
    LOST
  }
}
