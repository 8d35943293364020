package dev.askape.chat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One user message and the answers to it, in memory. Immutable but for its answers and for being
/// over, both of which only move forward; safe for any thread.
public final class Turn {
  private final TurnRecord accepted;
  private final List<Answer> answers;
  private final Object origin;
  private final ConversationStore.Durability durability;
  private final AtomicInteger running;
  private final AtomicInteger unstored;
  private volatile Lease lease;
  private volatile boolean lost;
  private volatile @Nullable Instant overAt;

  /// A turn that begins to run.
  ///
  /// @param lease taken before it was accepted
  Turn(
      TurnRecord accepted,
      List<Answer> answers,
      Object origin,
      ConversationStore.Durability durability,
      Lease lease) {
    this.lease = lease;
    this.accepted = accepted;
    this.answers = List.copyOf(answers);
    this.origin = origin;
    this.durability = durability;
    this.running = new AtomicInteger(answers.size());
    this.unstored = new AtomicInteger(answers.size());
  }

  /// A turn that is over, as it was kept.
  static Turn of(TurnRecord record, Object origin, ConversationStore.Durability durability) {
    var answers = record.answers().stream().map(Answer::of).toList();
    var turn = new Turn(record, answers, origin, durability, Lease.FOREVER);
    turn.overAt = record.createdAt();
    return turn;
  }

  public SessionId sessionId() {
    return accepted.sessionId();
  }

  public long seq() {
    return accepted.seq();
  }

  /// The id of its USER entry.
  public MessageId userMessageId() {
    return accepted.userMessageId();
  }

  /// The id of its AI entry, by which events name the turn.
  public MessageId messageId() {
    return accepted.messageId();
  }

  public Optional<ClientMessageId> clientMessageId() {
    return accepted.clientMessageId();
  }

  public Party sender() {
    return accepted.sender();
  }

  public String content() {
    return accepted.content();
  }

  public Instant createdAt() {
    return accepted.createdAt();
  }

  /// In the order in which the models were asked for.
  public List<Answer> answers() {
    return answers;
  }

  /// What the message was posted with; see [Post#origin()].
  public Object origin() {
    return origin;
  }

  /// Where the user's message was kept when it was accepted.
  public ConversationStore.Durability durability() {
    return durability;
  }

  /// Whether every answer has ended.
  public boolean isOver() {
    return overAt != null;
  }

  /// Whether what it says may be told: not while this process may have lost it to another one.
  public boolean mayBeTold() {
    return !lost && (isSettled() || lease.isHeld());
  }

  /// Whether it has to be found out if this process still holds it, which it can be now.
  boolean isInDoubt() {
    return !lost && lease.isSuperseded();
  }

  /// Notes that this process held it after a lease was taken.
  void held(Lease since) {
    lease = since;
  }

  /// Notes that another process has it: from now on nothing of it is told.
  void lose() {
    lost = true;
  }

  boolean isLost() {
    return lost;
  }

  Optional<Instant> overAt() {
    return Optional.ofNullable(overAt);
  }

  long epoch() {
    return accepted.epoch();
  }

  boolean isMessage(Party sender, ClientMessageId id) {
    return sender.equals(sender()) && accepted.clientMessageId().map(id::equals).orElse(false);
  }

  boolean isNamed(MessageId id) {
    return id.equals(messageId()) || id.equals(userMessageId());
  }

  /// Notes that one more answer has ended.
  ///
  /// @return true for the last one: the turn is over then
  boolean answerEnded(Instant now) {
    boolean last = running.decrementAndGet() == 0;
    if (last) {
      overAt = now;
    }
    return last;
  }

  /// Notes that one more answer is in the store, with its end.
  void answerStored() {
    unstored.decrementAndGet();
  }

  /// Whether it is over and all of it is in the store.
  boolean isSettled() {
    return isOver() && unstored.get() <= 0;
  }

  /// The turn as it is now.
  public TurnRecord toRecord() {
    boolean runs = !isOver(); // before the answers, all of which have ended if it does not
    return accepted.withAnswers(answers.stream().map(Answer::toRecord).toList(), runs);
  }
}
