package dev.askape.bench.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askape.bench.faults.Findings.Kind;
import dev.askape.standin.StandInText;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What one connection hears of one session, in order; checks it as it comes. Safe for any thread.
final class Hearing {
  private final Talk talk;
  private final Findings findings;
  private final Map<String, TurnHeard> turns = new LinkedHashMap<>();
  private final Set<String> savedKeys = new HashSet<>();
  private final Set<String> userMessages = new HashSet<>();
  private int lastPlace = -1;

  private static final class TurnHeard {
    final Map<String, AnswerHeard> answers = new HashMap<>();
    int expected;
    boolean over;
  }

  private static final class AnswerHeard {
    final StringBuilder text = new StringBuilder();
    final String promised;
    long index;
    boolean ended;

    AnswerHeard(String model) {
      promised = StandInText.answer(model);
    }
  }

  Hearing(Talk talk, Findings findings) {
    this.talk = talk;
    this.findings = findings;
  }

  synchronized void event(String name, JsonNode payload) {
    switch (name) {
      case "message_saved" -> saved(payload);
      case "user_message" -> userMessage(payload);
      case "streaming_started" -> turnStarted(payload);
      case "model_streaming_start" -> answerStarted(payload);
      case "message_chunk" -> chunk(payload);
      case "model_streaming_complete", "model_error" -> answerEnded(name, payload);
      case "all_responses_complete" -> turnOver(payload);
      case "error" -> refused(payload);
      default -> {
        // nothing of a turn
      }
    }
    talk.changed();
  }

  private void refused(JsonNode payload) {
    var key = payload.path("clientMessageId").asText();
    var type = payload.path("type").asText();
    if (key.isEmpty()) {
      talk.count(payload.path("event").asText() + " " + type);
    } else {
      talk.refused(key, type);
    }
  }

  private void saved(JsonNode payload) {
    var key = payload.path("clientMessageId").asText();
    if (payload.path("stored").asText().equals("failed")) {
      talk.refused(key, "failed");
      return;
    }
    if (!savedKeys.add(key)) {
      findings.add(Kind.TWICE, "%s: message_saved of %s twice", talk.session(), key);
    }
    int place = talk.placeOf(key);
    if (place < lastPlace) {
      findings.add(Kind.DISORDER, "%s: %s saved behind a later one", talk.session(), key);
    }
    lastPlace = Math.max(lastPlace, place);
    if (talk.isRepeated(key)) {
      turns.remove(payload.path("messageId").asText());
    }
    talk.saved(
        key,
        new Talk.Saved(payload.path("id").asText(), payload.path("messageId").asText()),
        payload.path("stored").asText());
  }

  private void userMessage(JsonNode payload) {
    var id = payload.path("id").asText();
    if (!userMessages.add(id)) {
      findings.add(Kind.TWICE, "%s: user_message %s twice", talk.session(), id);
    }
    if (turns.containsKey(payload.path("messageId").asText())) {
      findings.add(Kind.DISORDER, "%s: user_message %s behind its turn", talk.session(), id);
    }
  }

  private void turnStarted(JsonNode payload) {
    var turn = new TurnHeard();
    turn.expected = payload.path("models").size();
    var id = payload.path("messageId").asText();
    if (turns.putIfAbsent(id, turn) != null) {
      findings.add(Kind.TWICE, "%s: turn %s started twice", talk.session(), id);
    }
  }

  private TurnHeard turn(String event, JsonNode payload) {
    var id = payload.path("messageId").asText();
    var turn = turns.get(id);
    if (turn == null || turn.over) {
      findings.add(
          Kind.DISORDER,
          "%s: %s %s its turn %s",
          talk.session(),
          event,
          turn == null ? "before" : "after",
          id);
    }
    return turn == null ? new TurnHeard() : turn;
  }

  private void answerStarted(JsonNode payload) {
    var answers = turn("model_streaming_start", payload).answers;
    var id = payload.path("id").asText();
    if (answers.putIfAbsent(id, new AnswerHeard(payload.path("modelId").asText())) != null) {
      findings.add(Kind.TWICE, "%s: answer %s started twice", talk.session(), id);
    }
  }

  private AnswerHeard answer(String event, JsonNode payload) {
    var id = payload.path("id").asText();
    var answer = turn(event, payload).answers.get(id);
    if (answer == null) {
      findings.add(
          Kind.DISORDER, "%s: %s before the start of answer %s", talk.session(), event, id);
      return new AnswerHeard(payload.path("modelId").asText());
    }
    return answer;
  }

  private void chunk(JsonNode payload) {
    var answer = answer("message_chunk", payload);
    var id = payload.path("id").asText();
    if (answer.ended) {
      findings.add(Kind.DISORDER, "%s: a chunk after the end of answer %s", talk.session(), id);
    }
    long index = payload.path("chunkIndex").asLong();
    if (index <= answer.index) {
      findings.add(
          Kind.DISORDER,
          "%s: answer %s: chunkIndex %d after %d",
          talk.session(),
          id,
          index,
          answer.index);
    }
    answer.index = index;
    answer.text.append(payload.path("chunk").asText());
    var full = payload.path("fullContent").asText();
    if (!answer.text.toString().equals(full)) {
      findings.add(
          Kind.TWICE, "%s: answer %s: its chunks are not its fullContent", talk.session(), id);
      answer.text.setLength(0);
      answer.text.append(full);
    }
    if (!answer.promised.startsWith(full)) {
      findings.add(
          Kind.CONTRADICTED, "%s: answer %s is not what the model says", talk.session(), id);
    }
  }

  private void answerEnded(String event, JsonNode payload) {
    var answer = answer(event, payload);
    var id = payload.path("id").asText();
    if (answer.ended) {
      findings.add(Kind.TWICE, "%s: answer %s ended twice", talk.session(), id);
    }
    answer.ended = true;
    var content = payload.path("content").asText();
    if (!answer.text.toString().equals(content)) {
      findings.add(Kind.DISORDER, "%s: the last chunk of answer %s is missing", talk.session(), id);
    }
    if (!payload.path("stored").asText().equals("failed")) {
      talk.told(id, state(event, payload), content);
    }
  }

  private static String state(String event, JsonNode payload) {
    if (event.equals("model_error")) {
      return payload.path("type").asText().equals("interrupted") ? "interrupted" : "failed";
    }
    return payload.path("finishReason").asText().equals("stopped") ? "stopped" : "completed";
  }

  private void turnOver(JsonNode payload) {
    var turn = turn("all_responses_complete", payload);
    var id = payload.path("messageId").asText();
    turn.over = true;
    long ended = turn.answers.values().stream().filter(answer -> answer.ended).count();
    if (ended != turn.expected) {
      findings.add(
          Kind.UNENDED,
          "%s: turn %s over with %d of %d answers ended",
          talk.session(),
          id,
          ended,
          turn.expected);
    }
    talk.over(id);
  }

  /// Whether every turn that began is over.
  synchronized boolean isQuiet() {
    return turns.values().stream().allMatch(turn -> turn.over);
  }

  /// The connection ends when nothing should be under way.
  synchronized void end() {
    turns.forEach((id, turn) -> {
      if (!turn.over) {
        findings.add(Kind.UNENDED, "%s: turn %s did not end in time", talk.session(), id);
      }
    });
  }
}
