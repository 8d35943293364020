package dev.askape.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.askape.bench.faults.Findings.Kind;
import dev.askape.standin.StandInText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The checker on recorded events and histories: it is content with a good one, and finds what is
/// planted in it.
class CheckerTest {
  private static final String MODEL = "fake-quick:tokens=4,first=0,rate=0";
  private static final List<String> WORDS = StandInText.fragments(MODEL);
  private static final String ANSWER = String.join("", WORDS);

  private final Findings findings = new Findings();
  private final Talk talk = new Talk("s", "u", findings);

  private static JsonNode json(String text) {
    try {
      return Wire.JSON.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /// The events of turn n, one a line: a name and a payload.
  private static List<String> turn(int n) {
    var names = "'messageId':'t%d','modelId':'%s','id':'a%d'".formatted(n, MODEL, n);
    return new ArrayList<>(
        List.of(
            "message_saved {'id':'u%d','messageId':'t%d','stored':'memory','clientMessageId':'k%d'}"
                .formatted(n, n, n),
            "streaming_started {'messageId':'t%d','models':[{}]}".formatted(n),
            "model_streaming_start {" + names + "}",
            "message_chunk {%s,'chunkIndex':1,'chunk':'%s','fullContent':'%s'}"
                .formatted(names, WORDS.getFirst(), WORDS.getFirst()),
            "message_chunk {%s,'chunkIndex':4,'chunk':'%s','fullContent':'%s'}"
                .formatted(names, ANSWER.substring(WORDS.getFirst().length()), ANSWER),
            "model_streaming_complete {%s,'content':'%s','finishReason':'stop'}"
                .formatted(names, ANSWER),
            "all_responses_complete {'messageId':'t%d'}".formatted(n)));
  }

  private static String kept(int n, String state, String content) {
    return """
    {'role':'USER','id':'u%d','content':'k%d hello'},
    {'role':'AI','id':'t%d','aiResponses':[
      {'id':'a%d','modelId':'%s','state':'%s','content':'%s'}]}\
    """
        .formatted(n, n, n, n, MODEL, state, content);
  }

  private static String kept(int n) {
    return kept(n, "completed", ANSWER);
  }

  private void hear(Hearing hearing, List<String> events) {
    for (var event : events) {
      int space = event.indexOf(' ');
      hearing.event(event.substring(0, space), json(event.substring(space + 1)));
    }
  }

  private void hear(List<String> events) {
    hear(new Hearing(talk, findings), events);
  }

  private void send(int messages) {
    for (int i = 0; i < messages; i++) {
      talk.send("hello", List.of(MODEL));
    }
  }

  private void sayTwo() {
    send(2);
    var events = turn(0);
    events.addAll(turn(1));
    hear(events);
  }

  private void check(String... entries) {
    talk.check(json("[" + String.join(",", entries) + "]"));
  }

  private void verifyFound(Kind kind) {
    assertThat(findings.count(kind)).as("%s", findings).isPositive();
  }

  @Test
  void findsNothingWhereNothingIsWrong() {
    sayTwo();
    check(kept(0), kept(1));
    assertThat(findings.isEmpty()).as("%s", findings).isTrue();
    assertThat(talk.open()).isZero();
  }

  @Test
  void findsNothingWrongInAKillThatTookOnlyWhatNobodyWasTold() {
    send(3);
    hear(turn(0));
    hear(turn(1).subList(0, 4));
    check(kept(0), kept(1, "interrupted", WORDS.getFirst()));
    assertThat(talk.again()).extracting(Talk.Sent::key).containsExactly("k2");
    hear(turn(2));
    check(kept(0), kept(1, "interrupted", ""), kept(2));
    assertThat(findings.isEmpty()).as("%s", findings).isTrue();
  }

  @Test
  void takesATurnThatComesWholeAgainForARepeatedMessage() {
    send(1);
    var _ = talk.again();
    var hearing = new Hearing(talk, findings);
    hear(hearing, turn(0).subList(1, 4)); // it ran when the client came back
    hear(hearing, turn(0));
    hearing.end();
    check(kept(0));
    assertThat(findings.isEmpty()).as("%s", findings).isTrue();
  }

  @Test
  void findsALostMessage() {
    sayTwo();
    check(kept(0));
    verifyFound(Kind.LOST);
  }

  @Test
  void findsALostMessageAtTheNextHistoryAndCountsItOnce() {
    send(2);
    hear(turn(0));
    hear(turn(1).subList(0, 3));
    int over = talk.settle(json("[" + kept(0, "interrupted", "") + "]"), talk.acknowledgements());
    assertThat(over).isZero();
    check(kept(0));
    assertThat(findings.count(Kind.LOST)).isOne();
    assertThat(talk.open()).isZero();
  }

  @Test
  void expectsOfAHistoryOnlyWhatWasAcknowledgedWhenItWasAskedFor() {
    send(1);
    var before = talk.acknowledgements();
    hear(turn(0));
    talk.settle(json("[]"), before);
    assertThat(findings.isEmpty()).as("%s", findings).isTrue();
  }

  @Test
  void findsAMessageThatIsKeptTwice() {
    sayTwo();
    check(kept(0), kept(1), kept(1).replace("'u1'", "'u9'").replace("'t1'", "'t9'"));
    verifyFound(Kind.TWICE);
  }

  @Test
  void findsAMessageThatWasSavedTwiceUnderTwoIds() {
    send(1);
    hear(turn(0));
    hear(turn(0).stream().map(event -> event.replace("'u0'", "'u9'")).toList());
    verifyFound(Kind.TWICE);
  }

  @Test
  void findsMessagesInTheWrongOrder() {
    sayTwo();
    check(kept(1), kept(0));
    verifyFound(Kind.DISORDER);
  }

  @Test
  void findsAMessageThatIsNotFollowedByItsAnswers() {
    sayTwo();
    check(kept(0), kept(1).replace("'t1'", "'t7'"));
    verifyFound(Kind.DISORDER);
  }

  @ParameterizedTest
  @CsvSource({"waiting", "writing", "thinking"})
  void findsATurnWithoutAnEnd(String state) {
    send(1);
    hear(turn(0).subList(0, 4));
    check(kept(0, state, ""));
    verifyFound(Kind.UNENDED);
  }

  @Test
  void findsATurnThatNeverEndsOnItsConnection() {
    send(1);
    var hearing = new Hearing(talk, findings);
    hear(hearing, turn(0).subList(0, 6));
    hearing.end();
    verifyFound(Kind.UNENDED);
    assertThat(talk.open()).isOne();
  }

  @Test
  void findsATurnThatIsOverBeforeItsAnswers() {
    changed(events -> {
      events.remove(5);
      return events;
    });
    verifyFound(Kind.UNENDED);
  }

  private void changed(UnaryOperator<List<String>> change) {
    send(1);
    hear(change.apply(turn(0)));
  }

  /// Each of the turn's events in the wrong place, by one.
  @ParameterizedTest
  @CsvSource({"1", "2", "3", "4"})
  void findsEventsOfATurnThatChangedPlaces(int at) {
    changed(events -> {
      events.add(at, events.remove(at + 1));
      return events;
    });
    verifyFound(Kind.DISORDER);
  }

  /// All events but chunks, whose second coming is another matter.
  @ParameterizedTest
  @CsvSource({"0", "1", "2", "5"})
  void findsAnEventThatComesTwice(int at) {
    changed(events -> {
      events.add(at, events.get(at));
      return events;
    });
    verifyFound(Kind.TWICE);
  }

  @Test
  void findsAChunkThatComesTwice() {
    changed(events -> {
      events.add(4, events.get(3));
      return events;
    });
    verifyFound(Kind.TWICE);
    verifyFound(Kind.DISORDER);
  }

  @Test
  void findsALastChunkThatIsMissing() {
    changed(events -> {
      events.remove(4);
      return events;
    });
    verifyFound(Kind.DISORDER);
  }

  @Test
  void findsAnAnswerThatIsKeptOtherwiseThanItWasTold() {
    sayTwo();
    check(kept(0), kept(1, "interrupted", WORDS.getFirst()));
    verifyFound(Kind.CONTRADICTED);
  }

  @Test
  void findsAnAnswerThatTheModelNeverGave() {
    send(1);
    hear(turn(0).subList(0, 1));
    check(kept(0, "interrupted", "something else"));
    verifyFound(Kind.CONTRADICTED);
  }

  @Test
  void findsARefusedMessageThatIsKept() {
    send(1);
    hear(List.of("message_saved {'id':'','stored':'failed','clientMessageId':'k0'}"));
    check(kept(0));
    verifyFound(Kind.CONTRADICTED);
  }

  @Test
  void findsAMessageNobodySent() {
    send(1);
    hear(turn(0));
    check(kept(0), kept(5));
    verifyFound(Kind.CONTRADICTED);
  }
}
