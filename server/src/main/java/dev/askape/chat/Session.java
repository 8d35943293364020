package dev.askape.chat;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A session in memory: whose it is, its log, and who follows it. Safe for any thread.
///
/// The log is the list of its turns, each of which moves forward by itself. Its positions only
/// rise; turns that are over leave it at the old end, once every viewer has done with them or after
/// a while.
///
/// Lock order: `posting`, then the monitor. The monitor is never held while a store or a viewer is
/// called.
public final class Session implements Answer.Watcher {
  private final SessionId id;

  /// Held while a message is accepted, so that the order of the log is that of the sequence numbers
  /// and of the store.
  final ReentrantLock posting = new ReentrantLock();

  @GuardedBy("this")
  private @Nullable SessionRecord kept;

  @GuardedBy("this")
  private @Nullable Party firstJoiner;

  @GuardedBy("this")
  private final Deque<Turn> log = new ArrayDeque<>();

  @GuardedBy("this")
  private long base;

  @GuardedBy("this")
  private int uses;

  @GuardedBy("this")
  private Instant usedAt;

  private record Follower(SessionViewer viewer, Asker asker) {}

  private volatile long end;
  private volatile boolean gone;
  private volatile Follower[] followers = {};

  Session(SessionId id, Optional<SessionRecord> kept, Instant now) {
    this.id = id;
    this.kept = kept.orElse(null);
    this.usedAt = now;
  }

  public SessionId id() {
    return id;
  }

  /// The position after the newest turn.
  public long end() {
    return end;
  }

  /// The turns from a position on; fewer when the oldest are no longer in the log.
  public synchronized List<Turn> turnsFrom(long position) {
    return log.stream().skip(Math.max(0, position - base)).toList();
  }

  /// Who follows it.
  public List<SessionViewer> viewers() {
    return Arrays.stream(followers).map(Follower::viewer).toList();
  }

  synchronized Optional<SessionRecord> kept() {
    return Optional.ofNullable(kept);
  }

  /// Whose it is: its owner, or before the first message its first joiner.
  synchronized Optional<Party> owner() {
    return Optional.ofNullable(kept == null ? firstJoiner : kept.owner());
  }

  synchronized List<Turn> running() {
    return log.stream().filter(turn -> !turn.isOver()).toList();
  }

  synchronized Optional<Turn> findTurn(MessageId messageId) {
    return log.stream().filter(turn -> turn.isNamed(messageId)).findFirst();
  }

  synchronized Optional<Turn> findTurn(Party sender, ClientMessageId clientMessageId) {
    return log.stream().filter(turn -> turn.isMessage(sender, clientMessageId)).findFirst();
  }

  synchronized boolean mayReach(Asker asker) {
    if (kept == null) {
      return firstJoiner != null && asker.is(firstJoiner);
    }
    return asker.is(kept.owner())
        || kept.participants().stream().anyMatch(participant -> asker.is(participant.user()));
  }

  /// Makes the asker its owner if it is nobody's.
  synchronized void claim(Asker asker, Instant now) {
    if (kept == null && firstJoiner == null) {
      firstJoiner = asker.party();
    }
    if (kept == null && mayReach(asker)) {
      usedAt = now;
    }
  }

  /// The guest who has it and who the asker was before: what a user reaches of his guest's becomes
  /// his.
  synchronized Optional<Party> guestOf(Asker asker) {
    return owner().filter(owner -> asker.formerly().map(owner::equals).orElse(false));
  }

  synchronized void changeOwner(Party to) {
    if (kept == null) {
      firstJoiner = to;
    } else {
      kept = kept.withOwner(to);
    }
  }

  /// Takes, in one step, the position, the last sequence number and what runs, and follows from
  /// there on.
  synchronized JoinResult follow(SessionViewer viewer, Asker asker) {
    if (gone) {
      return new JoinResult.Refused(new Refusal.Busy());
    }
    remove(follower -> follower.viewer().equals(viewer));
    var more = Arrays.copyOf(followers, followers.length + 1);
    more[more.length - 1] = new Follower(viewer, asker);
    followers = more;
    return new JoinResult.Joined(
        this,
        owner().orElse(asker.party()),
        kept == null ? List.of() : kept.participants(),
        end,
        running(),
        kept == null ? 0 : kept.lastSeq());
  }

  synchronized void identify(SessionViewer viewer, Asker asker) {
    if (mayReach(asker)) {
      for (int i = 0; i < followers.length; i++) {
        if (followers[i].viewer().equals(viewer) && !followers[i].asker().equals(asker)) {
          var changed = followers.clone();
          changed[i] = new Follower(viewer, asker);
          followers = changed;
        }
      }
    }
  }

  synchronized void unfollow(SessionViewer viewer, Instant now) {
    remove(follower -> follower.viewer().equals(viewer));
    usedAt = now;
  }

  /// Stops those following who may not reach it any more.
  void dropWhoMayNotReach() {
    drop(follower -> !mayReach(follower.asker()), SessionViewer.Reason.FORBIDDEN);
  }

  /// Puts an accepted turn at the end of the log.
  void append(SessionRecord now, Turn turn) {
    synchronized (this) {
      kept = now;
      log.addLast(turn);
      end = base + log.size();
    }
    happened();
  }

  @Override
  public void happened() {
    for (var follower : followers) {
      follower.viewer().wake();
    }
  }

  @Override
  public void grown() {
    for (var follower : followers) {
      follower.viewer().grown();
    }
  }

  /// Nothing of it is left; who followed it is told.
  void delete() {
    gone = true;
    drop(_ -> true, SessionViewer.Reason.DELETED);
  }

  /// Another process has gone on with it; who followed it has to come back.
  void lose() {
    gone = true;
    drop(_ -> true, SessionViewer.Reason.LOST);
  }

  /// Whether it has left the memory, or is about to.
  boolean isGone() {
    return gone;
  }

  /// Shortens the log at its old end, and drops who has waited too long there.
  void trim(Instant forgetBefore) {
    long needed = Long.MAX_VALUE;
    for (var follower : followers) {
      needed = Math.min(needed, follower.viewer().needsFrom());
    }
    long forgotten = forget(needed, forgetBefore);
    if (forgotten > 0 && forgotten >= needed) {
      drop(f -> f.viewer().needsFrom() <= forgotten, SessionViewer.Reason.TOO_FAR_BEHIND);
    }
  }

  /// @return the sequence number of the newest turn that was forgotten, or 0
  private synchronized long forget(long needed, Instant forgetBefore) {
    long forgotten = 0;
    while (!log.isEmpty()) {
      var oldest = log.getFirst();
      boolean done = oldest.isSettled() && oldest.seq() < needed;
      boolean tooOld = oldest.overAt().map(forgetBefore::isAfter).orElse(false);
      if (!done && !tooOld) {
        break;
      }
      forgotten = oldest.seq();
      log.removeFirst();
      base++;
    }
    return forgotten;
  }

  private void drop(Predicate<Follower> which, SessionViewer.Reason reason) {
    List<Follower> dropped;
    synchronized (this) {
      dropped = remove(which);
    }
    dropped.forEach(follower -> follower.viewer().dropped(reason));
  }

  @GuardedBy("this")
  private List<Follower> remove(Predicate<Follower> which) {
    var out = new ArrayList<Follower>();
    var stay = new ArrayList<Follower>();
    for (var follower : followers) {
      (which.test(follower) ? out : stay).add(follower);
    }
    if (!out.isEmpty()) {
      followers = stay.toArray(Follower[]::new);
    }
    return out;
  }

  /// Keeps it in memory until [#release]; false when it has been retired.
  synchronized boolean acquire() {
    if (gone) {
      return false;
    }
    uses++;
    return true;
  }

  synchronized void release(Instant now) {
    uses--;
    if (kept != null) { // before the first message, others who try must not keep it somebody's
      usedAt = now;
    }
  }

  /// Retires it if nobody has needed it since `idleSince`.
  synchronized boolean retire(Instant idleSince) {
    boolean nobodys = kept == null && firstJoiner == null;
    boolean idle =
        uses == 0
            && followers.length == 0
            && running().isEmpty()
            && (nobodys || usedAt.isBefore(idleSince));
    gone |= idle;
    return idle;
  }
}
