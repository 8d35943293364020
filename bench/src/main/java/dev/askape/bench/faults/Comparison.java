package dev.askape.bench.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askape.bench.faults.Findings.Kind;
import dev.askape.standin.StandInText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Compares what a session was told with what is kept of it.
///
/// @param findings where differences go
record Comparison(Talk.Known known, Findings findings) {
  /// @param history of the whole session, oldest first
  void check(JsonNode history) {
    var session = known.session();
    var keys = new ArrayList<String>();
    var ids = new HashSet<String>();
    for (int i = 0; i < history.size(); i++) {
      var entry = history.get(i);
      if (!ids.add(entry.path("id").asText())) {
        findings.add(Kind.TWICE, "%s: an entry %s twice", session, entry.path("id").asText());
      }
      if (entry.path("role").asText().equals("USER")) {
        checkTurn(entry, i + 1 < history.size() ? history.get(i + 1) : history.path(-1), keys);
      } else if (i == 0 || !history.get(i - 1).path("role").asText().equals("USER")) {
        findings.add(Kind.DISORDER, "%s: an AI entry without its USER entry before it", session);
      }
    }
    known
        .saved()
        .forEach((key, message) -> {
          if (!keys.contains(key) && !known.lost().contains(key)) {
            findings.add(Kind.LOST, "%s: %s %s", session, key, message);
          }
        });
    checkOrder(keys);
  }

  private void checkTurn(JsonNode user, JsonNode ai, List<String> keys) {
    var session = known.session();
    var content = user.path("content").asText();
    var key = content.substring(0, Math.max(0, content.indexOf(' ')));
    var message = known.sent().get(key);
    if (message == null || !message.text().equals(content)) {
      findings.add(Kind.CONTRADICTED, "%s: kept a message nobody sent: %s", session, content);
      return;
    }
    if (keys.contains(key)) {
      findings.add(Kind.TWICE, "%s: %s is kept twice", session, key);
    }
    keys.add(key);
    if (known.refused().contains(key)) {
      findings.add(Kind.CONTRADICTED, "%s: %s was refused and is kept", session, key);
    }
    var acknowledged = known.saved().get(key);
    if (acknowledged != null && !acknowledged.id().equals(user.path("id").asText())) {
      findings.add(Kind.CONTRADICTED, "%s: %s has another id than was told", session, key);
    }
    if (!ai.path("role").asText().equals("AI")
        || (acknowledged != null && !acknowledged.turn().equals(ai.path("id").asText()))) {
      findings.add(Kind.DISORDER, "%s: %s is not followed by its answers", session, key);
      return;
    }
    if (!Talk.isOver(ai) || ai.path("aiResponses").size() != message.models().size()) {
      findings.add(Kind.UNENDED, "%s: %s: %s", session, key, states(ai));
    }
    ai.path("aiResponses").forEach(this::checkAnswer);
  }

  private static String states(JsonNode ai) {
    var states = new ArrayList<String>();
    ai.path("aiResponses").forEach(answer -> states.add(answer.path("state").asText()));
    return states.toString();
  }

  private void checkAnswer(JsonNode answer) {
    var session = known.session();
    var id = answer.path("id").asText();
    var content = answer.path("content").asText();
    var state = answer.path("state").asText();
    var promised = StandInText.answer(answer.path("modelId").asText());
    if (state.equals("completed") ? !promised.equals(content) : !promised.startsWith(content)) {
      findings.add(Kind.CONTRADICTED, "%s: answer %s is not what the model said", session, id);
    }
    var before = Optional.ofNullable(known.told().get(id));
    if (before.isPresent() && !before.get().equals(new Talk.Told(state, content))) {
      findings.add(
          Kind.CONTRADICTED,
          "%s: answer %s was told as %s, %d characters, and is kept as %s, %d",
          session,
          id,
          before.get().state(),
          before.get().content().length(),
          state,
          content.length());
    }
  }

  private void checkOrder(List<String> keys) {
    int last = -1;
    for (var key : keys) {
      var message = known.sent().get(key);
      int place = message == null ? -1 : message.place();
      if (place < last && known.saved().containsKey(key)) {
        findings.add(Kind.DISORDER, "%s: %s is kept behind one sent later", known.session(), key);
      }
      last = Math.max(last, place);
    }
  }
}
