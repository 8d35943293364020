package dev.askape.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.askape.chat.AnswerId;
import dev.askape.chat.AnswerRecord;
import dev.askape.chat.AnswerState;
import dev.askape.chat.ErrorType;
import dev.askape.chat.FinishReason;
import dev.askape.chat.MessageId;
import dev.askape.chat.ModelId;
import dev.askape.chat.Money;
import dev.askape.chat.Party;
import dev.askape.chat.SessionId;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.TurnRecord;
import dev.askape.chat.Usage;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant AT = Instant.parse("2026-11-24T10:00:00Z");

  private static AnswerRecord answer(AnswerState state, Optional<ErrorType> error) {
    return new AnswerRecord(
        new AnswerId("a1"),
        new ModelId("maker/m"),
        "M",
        0,
        1,
        state,
        "Hi",
        state == AnswerState.FAILED ? "hm" : "",
        2,
        error.map(type -> new AnswerRecord.Failure(type, "e_1")),
        error.isPresent() || !state.isTerminal()
            ? Optional.empty()
            : Optional.of(FinishReason.CONTENT_FILTER),
        Usage.reported(10, 20).withReasoning(5),
        OptionalLong.of(7),
        OptionalLong.of(8),
        AT,
        Optional.empty());
  }

  private static TurnRecord turn(Party sender, AnswerRecord... answers) {
    return new TurnRecord(
        new SessionId("s"),
        1,
        new MessageId("u1"),
        new MessageId("m1"),
        sender,
        Optional.empty(),
        "hello",
        3,
        AT,
        1,
        false,
        Arrays.asList(answers));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-24T10:00:00Z, 2026-11-24T10:00:00.000Z",
    "2026-11-24T10:00:00.100Z, 2026-11-24T10:00:00.100Z",
    "2026-11-24T10:00:00.123456789Z, 2026-11-24T10:00:00.123Z",
    "2026-11-24T10:00:00.000999Z, 2026-11-24T10:00:00.000Z",
    "2026-11-24T10:00:59.999999Z, 2026-11-24T10:00:59.999Z",
    "1970-01-01T00:00:00Z, 1970-01-01T00:00:00.000Z",
    "1969-12-31T23:59:59.999Z, 1969-12-31T23:59:59.999Z",
  })
  void writesDatesAsJavaScriptDoes(Instant instant, String date) {
    assertThat(ChatJson.date(instant)).isEqualTo(date);
  }

  @Test
  void hasAUserEntryAndAnAiEntryForEachTurn() throws IOException {
    var history =
        ChatJson.history(
            List.of(turn(new Party.User("anna"), answer(AnswerState.COMPLETED, Optional.empty()))));

    assertThat(JSON.readTree(history.toString()))
        .isEqualTo(
            JSON.readTree(
                """
                [{"id": "u1", "role": "USER", "content": "hello", "tokensUsed": 3,
                  "createdAt": "2026-11-24T10:00:00.000Z", "userId": "anna",
                  "sender": {"id": "anna", "name": "anna"}},
                 {"id": "m1", "role": "AI", "content": "", "tokensUsed": 20,
                  "createdAt": "2026-11-24T10:00:00.000Z",
                  "aiResponses": [
                   {"id": "a1", "modelId": "maker/m", "modelName": "M", "content": "Hi",
                    "tokensUsed": 20, "createdAt": "2026-11-24T10:00:00.000Z",
                    "state": "completed", "attempt": 1, "finishReason": "content_filter",
                    "usage": {"promptTokens": 10, "completionTokens": 20, "reasoningTokens": 5,
                              "estimated": false},
                    "firstTokenMs": 7, "durationMs": 8}]}]\
                """));
  }

  @Test
  void neverShowsAGuestsId() {
    var history =
        ChatJson.history(
            List.of(
                turn(
                    new Party.Guest("guest_secret"),
                    answer(AnswerState.WRITING, Optional.empty()))));

    assertThat(history.toString()).doesNotContain("guest");
    assertThat(history.get(0).has("sender")).isFalse();
    assertThat(history.get(0).has("userId")).isFalse();
  }

  @Test
  void sumsTheTokensOfAllAnswers() {
    var one = answer(AnswerState.COMPLETED, Optional.empty());

    assertThat(
            ChatJson.history(List.of(turn(new Party.User("anna"), one, one, one)))
                .get(1)
                .get("tokensUsed")
                .longValue())
        .isEqualTo(60);
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAITING", "THINKING", "WRITING"})
  void saysNothingOfTheUsageOfARunningAnswer(AnswerState state) {
    var json = response(answer(state, Optional.empty()));

    assertThat(json.has("usage")).isFalse();
    assertThat(json.has("finishReason")).isFalse();
    assertThat(json.get("state").textValue()).isEqualTo(ChatJson.word(state));
  }

  @Test
  void saysWhyAnAnswerFailedInThePlainSentence() {
    var json = response(answer(AnswerState.FAILED, Optional.of(ErrorType.RATE_LIMITED)));

    assertThat(json.get("error").textValue()).isEqualTo(ErrorType.RATE_LIMITED.sentence());
    assertThat(json.get("errorType").textValue()).isEqualTo("rate_limited");
    assertThat(json.get("errorId").textValue()).isEqualTo("e_1");
    assertThat(json.get("retryable").booleanValue()).isTrue();
    assertThat(json.get("reasoning").textValue()).isEqualTo("hm");
  }

  private static JsonNode response(AnswerRecord answer) {
    return ChatJson.history(List.of(turn(new Party.User("anna"), answer)))
        .get(1)
        .get("aiResponses")
        .get(0);
  }

  @Test
  void quotesWhateverStandsInAText() throws IOException {
    var text = "\"\\\n\u0000é漢😀</script>";

    assertThat(JSON.readTree(ChatJson.quoted(text)).textValue()).isEqualTo(text);
  }

  @Test
  void namesASession() {
    var session =
        new SessionRecord(
            new SessionId("s"),
            new Party.User("anna"),
            List.of(),
            "title",
            2,
            2,
            AT,
            AT.plusMillis(1));

    assertThat(ChatJson.session(session).toString())
        .isEqualTo(
            "{\"sessionId\":\"s\",\"title\":\"title\",\"ownerId\":\"anna\","
                + "\"createdAt\":\"2026-11-24T10:00:00.000Z\","
                + "\"updatedAt\":\"2026-11-24T10:00:00.001Z\"}");
  }

  @Test
  void saysWhatAnAnswerCostAndOfWhatItIsMade() throws IOException {
    var usage = Usage.reported(1_000, 2).withCached(900).withCost(new Money(870));

    assertThat(JSON.readTree(ChatJson.usage(usage).toString()))
        .isEqualTo(
            JSON.readTree(
                """
                {"promptTokens": 1000, "completionTokens": 2, "cachedTokens": 900,
                 "cost": 8.7E-7, "estimated": false}
                """));
    assertThat(ChatJson.usage(Usage.counted(0, 0).withCost(new Money(100_000_000_000L))).toString())
        .contains("\"cost\":100,");
  }

  @Test
  void saysWhoAnsweredInThePlaceOfAnother() {
    assertThat(response(answer(AnswerState.COMPLETED, Optional.empty())).has("servedBy")).isFalse();
    assertThat(
            response(servedBy(answer(AnswerState.COMPLETED, Optional.empty()), "maker/other"))
                .get("servedBy")
                .textValue())
        .isEqualTo("maker/other");
  }

  private static AnswerRecord servedBy(AnswerRecord answer, String other) {
    return new AnswerRecord(
        answer.id(),
        answer.modelId(),
        answer.modelName(),
        answer.place(),
        answer.attempt(),
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
        Optional.of(new ModelId(other)));
  }
}
