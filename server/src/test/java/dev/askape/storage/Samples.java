package dev.askape.storage;

import dev.askape.chat.AnswerId;
import dev.askape.chat.AnswerPart;
import dev.askape.chat.AnswerRecord;
import dev.askape.chat.AnswerState;
import dev.askape.chat.ClientMessageId;
import dev.askape.chat.FinishReason;
import dev.askape.chat.Hold;
import dev.askape.chat.MessageId;
import dev.askape.chat.ModelId;
import dev.askape.chat.Money;
import dev.askape.chat.Participant;
import dev.askape.chat.Party;
import dev.askape.chat.Reservation;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.TurnRecord;
import dev.askape.chat.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/// Records to put into stores. The n-th turn of a session has the sequence numbers 2n - 1 and 2n.
public final class Samples {
  public static final Instant START = Instant.parse("2026-11-24T10:00:00.123456789Z");
  public static final Party ANNA = new Party.User("anna");
  public static final Party GUEST = new Party.Guest("guest_1");

  public static final Reservation RESERVATION =
      new Reservation(Optional.empty(), List.of(new Hold(15, 85, Money.ZERO)));

  private Samples() {}

  /// A session of Anna's with `turns` turns.
  public static SessionRecord session(String id, int turns) {
    return session(id, ANNA, turns);
  }

  public static SessionRecord session(String id, Party owner, int turns) {
    return new SessionRecord(
        new SessionId(id),
        owner,
        List.of(new Participant(new Party.User("bert"), "Bert B.")),
        "What is a cursor?",
        2L * turns,
        2L * turns,
        START,
        START.plusSeconds(turns));
  }

  /// The n-th turn of a session, just accepted: its answers wait.
  public static TurnRecord turn(String session, int n, int models) {
    var id = session + "-" + n;
    return new TurnRecord(
        new SessionId(session),
        2L * n - 1,
        new MessageId(id + "-user"),
        new MessageId(id),
        ANNA,
        Optional.of(new ClientMessageId("client-" + n)),
        "Question " + n,
        3,
        START.plusSeconds(n),
        1,
        true,
        IntStream.range(0, models).mapToObj(place -> waiting(id, place)).toList());
  }

  public static TurnRecord said(TurnRecord turn, String content) {
    return copy(turn, turn.sender(), turn.clientMessageId(), content);
  }

  public static TurnRecord sent(TurnRecord turn, Party by, Optional<ClientMessageId> clientId) {
    return copy(turn, by, clientId, turn.content());
  }

  /// The same, made at another time.
  public static TurnRecord at(TurnRecord turn, Instant createdAt) {
    return new TurnRecord(
        turn.sessionId(),
        turn.seq(),
        turn.userMessageId(),
        turn.messageId(),
        turn.sender(),
        turn.clientMessageId(),
        turn.content(),
        turn.tokens(),
        createdAt,
        turn.epoch(),
        turn.running(),
        turn.answers());
  }

  private static TurnRecord copy(
      TurnRecord turn, Party sender, Optional<ClientMessageId> clientId, String content) {
    return new TurnRecord(
        turn.sessionId(),
        turn.seq(),
        turn.userMessageId(),
        turn.messageId(),
        sender,
        clientId,
        content,
        turn.tokens(),
        turn.createdAt(),
        turn.epoch(),
        turn.running(),
        turn.answers());
  }

  private static AnswerRecord waiting(String turn, int place) {
    return new AnswerRecord(
        new AnswerId(turn + "-answer-" + place),
        new ModelId("maker/model-" + place),
        "model-" + place,
        place,
        1,
        AnswerState.WAITING,
        "",
        "",
        0,
        Optional.empty(),
        Optional.empty(),
        Usage.counted(12, 0),
        OptionalLong.empty(),
        OptionalLong.empty(),
        START,
        Optional.empty());
  }

  public static AnswerRecord completed(AnswerRecord answer, String content, String reasoning) {
    return new AnswerRecord(
        answer.id(),
        answer.modelId(),
        answer.modelName(),
        answer.place(),
        answer.attempt(),
        AnswerState.COMPLETED,
        content,
        reasoning,
        17,
        Optional.empty(),
        Optional.of(FinishReason.STOP),
        Usage.reported(12, 34).withReasoning(5),
        OptionalLong.of(250),
        OptionalLong.of(1_800),
        answer.createdAt(),
        Optional.empty());
  }

  /// An answer that another model has given, with all that can be known of what it has used.
  public static AnswerRecord used(AnswerRecord answer, Usage usage) {
    return new AnswerRecord(
        answer.id(),
        answer.modelId(),
        answer.modelName(),
        answer.place(),
        answer.attempt(),
        AnswerState.COMPLETED,
        "done",
        "",
        1,
        Optional.empty(),
        Optional.of(FinishReason.BUDGET),
        usage,
        OptionalLong.of(250),
        OptionalLong.of(1_800),
        answer.createdAt(),
        Optional.of(new ModelId("maker/other")));
  }

  /// The same model asked again.
  public static AnswerRecord attempt(AnswerRecord answer, int attempt) {
    return new AnswerRecord(
        new AnswerId(answer.id() + "-again-" + attempt),
        answer.modelId(),
        answer.modelName(),
        answer.place(),
        attempt,
        answer.state(),
        answer.content(),
        answer.reasoning(),
        answer.fragments(),
        answer.error(),
        answer.finishReason(),
        answer.usage(),
        answer.firstTokenMs(),
        answer.durationMs(),
        answer.createdAt(),
        Optional.empty());
  }

  public static AnswerPart text(AnswerRecord answer, int offset, String text) {
    return new AnswerPart(answer.id(), AnswerPart.Kind.TEXT, offset, text);
  }

  public static AnswerPart reasoning(AnswerRecord answer, int offset, String text) {
    return new AnswerPart(answer.id(), AnswerPart.Kind.REASONING, offset, text);
  }
}
