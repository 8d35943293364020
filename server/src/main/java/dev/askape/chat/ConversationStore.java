package dev.askape.chat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Keeps what was said. Calls block and are made on virtual threads; safe for any thread. When a
/// writing method returns, what it wrote is as durable as [#durability()] says. Everything that
/// cannot be done throws [StorageException], and then nothing of that call was written, as far as
/// the store knows: an answer of a remote one may be lost on its way. Doing it again is always
/// right.
///
/// Writes carry an epoch: one that is older than the turn's is refused by returning false.
public interface ConversationStore extends AutoCloseable {
  /// What an acknowledged write survives.
  enum Durability {
    /// Nothing: it is gone with the process.
    NONE,
    /// The process and the machine: it is on this machine's disk.
    DISK,
    /// It is in the database.
    DATABASE
  }

  /// What a write made now would survive.
  Durability durability();

  /// What an accepted turn survives, as things are now.
  ///
  /// @param turn its id, that of its AI entry
  default Durability durability(MessageId turn) {
    return durability();
  }

  Optional<SessionRecord> findSession(SessionId id);

  /// The sessions of any of `owners`, newest activity first, at most `limit`, of those last active
  /// before `before`.
  List<SessionRecord> listSessions(List<Party> owners, Optional<Instant> before, int limit);

  /// The ids of sessions that come after one, in an order that does not change, for who goes
  /// through all of them.
  List<SessionId> listSessionIds(Optional<SessionId> after, int limit);

  /// Sessions of guests that were last active before `before`, in any order.
  List<SessionId> listIdleGuestSessions(Instant before, int limit);

  /// Writes the user's entry and the intent to answer it, makes or updates its session, and puts
  /// aside in the sender's account what the turn may use, all or nothing. What is used and what is
  /// put aside in one account never exceeds the reservation's budget, however many calls there are
  /// at once.
  ///
  /// What was put aside counts for the day on which the turn was made.
  ///
  /// @param session as it is once the turn is in it
  Accepted accept(SessionRecord session, TurnRecord turn, Reservation reservation);

  /// Accepts a turn that no budget bounds.
  default Accepted accept(SessionRecord session, TurnRecord turn) {
    return accept(session, turn, Reservation.NONE);
  }

  /// What became of [#accept].
  sealed interface Accepted {
    record New() implements Accepted {}

    /// The same sender sent a message with this `clientMessageId` to this session before; nothing
    /// was written.
    record Repeated(TurnRecord first) implements Accepted {}

    /// The account cannot hold the reservation; nothing was written.
    record OverBudget() implements Accepted {}
  }

  Optional<TurnRecord> findByClientMessageId(SessionId session, Party sender, ClientMessageId id);

  /// The turn of which `id` is the USER or the AI entry.
  Optional<TurnRecord> findTurn(SessionId session, MessageId id);

  /// The newest `limit` turns whose `seq` is below `beforeSeq`, oldest first.
  List<TurnRecord> listTurns(SessionId session, long beforeSeq, int limit);

  /// Appends what running answers of one turn said since the last checkpoint.
  boolean checkpoint(MessageId turn, long epoch, List<AnswerPart> parts);

  /// Writes an answer's terminal state and whole text, books what it has used in its sender's
  /// account and its session, and gives back what was put aside for it. Writing it again changes
  /// nothing. A turn of which no answer runs any more is over.
  ///
  /// It is booked even when it cannot be written any more because its session was deleted.
  boolean endAnswer(MessageId turn, long epoch, AnswerRecord answer);

  /// What somebody has used; empty accounts need not be kept.
  AccountRecord account(Party party);

  /// What the answers of a session have used, those that were replaced included.
  UsageSum usageOf(SessionId session);

  /// Changes the owner of a session.
  void changeOwner(SessionId session, Party from, Party to);

  /// Deletes everything of a session. False when there is none.
  boolean deleteSession(SessionId session);

  /// Ends what was running when the last process died: as [AnswerState#INTERRUPTED], with the text
  /// so far. Nobody knows any more what it has used, so what was put aside for it counts as used.
  ///
  /// @return how many answers were ended
  int interruptRunning(Instant now);

  @Override
  void close();
}
