package dev.askape.chat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/// A session whose turns the test moves forward by hand, with no store and no model.
public final class HandSession {
  private final Session session;
  private final MovedClock clock;
  private final AtomicLong lease = new AtomicLong(1);
  private long lastSeq;

  public HandSession(String id, MovedClock clock) {
    this.session = new Session(new SessionId(id), Optional.empty(), clock.instant());
    this.clock = clock;
  }

  public Session session() {
    return session;
  }

  public JoinResult.Joined join(SessionViewer viewer) {
    var asker = new Asker(new Party.User("anna"));
    return session.follow(viewer, asker).joined().orElseThrow();
  }

  public HandTurn post(Object origin, Party sender, String content, String... models) {
    var turn = new HandTurn(turn(origin, sender, content, models));
    lastSeq += 2;
    session.append(record(sender), turn.turn);
    return turn;
  }

  public HandTurn post(String content, String... models) {
    return post("origin", new Party.User("anna"), content, models);
  }

  /// What housekeeping does from time to time.
  public void trim() {
    session.trim(clock.instant().minusSeconds(120));
  }

  public void delete() {
    session.delete();
  }

  /// The lease runs out.
  public void letLeaseRunOut() {
    lease.set(ConversationStore.NO_LEASE);
  }

  /// Another lease is taken; it has not been asked yet whether the turns still are this process's.
  public void takeAnotherLease() {
    lease.set(2);
  }

  private SessionRecord record(Party owner) {
    var start = MovedClock.START;
    return new SessionRecord(
        session.id(), owner, List.of(), "title", lastSeq, lastSeq, start, start);
  }

  private Turn turn(Object origin, Party sender, String content, String... models) {
    long seq = lastSeq + 1;
    var answers = new ArrayList<Answer>();
    for (var model : models) {
      var id = new AnswerId(session.id() + "/" + seq + "/" + answers.size());
      var modelId = new ModelId(model);
      var name = Model.nameOf(modelId);
      answers.add(new Answer(id, modelId, name, answers.size(), clock.instant(), session));
    }
    var record =
        new TurnRecord(
            session.id(),
            seq,
            new MessageId("u" + seq),
            new MessageId("m" + seq),
            sender,
            Optional.of(new ClientMessageId("c" + seq)),
            content,
            1,
            clock.instant(),
            1,
            true,
            answers.stream().map(Answer::toRecord).toList());
    return new Turn(
        record,
        answers,
        origin,
        ConversationStore.Durability.DISK,
        new Lease(lease.get(), lease::get));
  }

  /// A turn and the one who moves it forward.
  public final class HandTurn {
    private final Turn turn;

    /// It has been found out that it still is this process's.
    public void isHeld() {
      turn.held(new Lease(lease.get(), lease::get));
      session.happened();
    }

    private HandTurn(Turn turn) {
      this.turn = turn;
    }

    public Turn turn() {
      return turn;
    }

    public Answer answer(int i) {
      return turn.answers().get(i);
    }

    /// Starts these answers.
    public HandTurn starts(int... answers) {
      Arrays.stream(answers).forEach(i -> answer(i).start());
      return this;
    }

    public HandTurn says(int i, String fragment) {
      answer(i).append(fragment, AnswerPart.Kind.TEXT);
      return this;
    }

    public HandTurn thinks(int i, String fragment) {
      answer(i).append(fragment, AnswerPart.Kind.REASONING);
      return this;
    }

    public HandTurn completes(int i) {
      return ends(i, AnswerState.COMPLETED, Optional.empty(), true);
    }

    /// Completes while the store has not taken it yet.
    public HandTurn completesUnstored(int i) {
      return ends(i, AnswerState.COMPLETED, Optional.empty(), false);
    }

    /// Completes, but the turn has not heard of it yet.
    public HandTurn completesUncounted(int i) {
      tellEnd(i, AnswerState.COMPLETED, Optional.empty(), true);
      session.happened();
      return this;
    }

    /// The turn hears that one more answer has ended.
    public HandTurn counts() {
      turn.answerEnded(clock.instant());
      session.happened();
      return this;
    }

    public HandTurn fails(int i, ErrorType type) {
      return ends(i, AnswerState.FAILED, Optional.of(type), true);
    }

    private HandTurn ends(int i, AnswerState state, Optional<ErrorType> error, boolean stored) {
      tellEnd(i, state, error, stored);
      if (stored) {
        turn.answerStored();
      }
      return counts();
    }

    private void tellEnd(int i, AnswerState state, Optional<ErrorType> error, boolean stored) {
      answer(i).seal();
      answer(i)
          .end(
              new Ending(
                  state,
                  error.map(type -> new AnswerRecord.Failure(type, "e_1")),
                  error.isPresent() ? Optional.empty() : Optional.of(FinishReason.STOP),
                  Usage.reported(2, 3),
                  OptionalLong.of(4),
                  OptionalLong.of(5),
                  stored));
    }
  }
}
