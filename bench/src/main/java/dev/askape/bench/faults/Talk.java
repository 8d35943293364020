package dev.askape.bench.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.askape.bench.faults.Findings.Kind;
import dev.askape.standin.StandInText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// One session with its one sender: what was sent, and what any of its connections was told. Safe
/// for any thread; waiting threads are woken by whatever changes.
final class Talk {
  static final Set<String> TERMINAL = Set.of("completed", "failed", "stopped", "interrupted");

  private final String session;
  private final String user;
  private final Findings findings;

  @GuardedBy("this")
  private final Map<String, Sent> sent = new HashMap<>();

  @GuardedBy("this")
  private final Map<String, Saved> saved = new HashMap<>();

  @GuardedBy("this")
  private final Set<String> refused = new HashSet<>();

  @GuardedBy("this")
  private final Map<String, Told> told = new HashMap<>();

  @GuardedBy("this")
  private final Set<String> running = new HashSet<>();

  @GuardedBy("this")
  private final Set<String> repeated = new HashSet<>();

  @GuardedBy("this")
  private final Set<String> lost = new HashSet<>();

  @GuardedBy("this")
  private int attempts;

  @GuardedBy("this")
  private long changes;

  /// @param place rises with each attempt to send something in this session
  record Sent(String key, String text, List<String> models, int place) {}

  /// @param id of the USER entry
  /// @param turn of the AI entry, by which events name the turn
  record Saved(String id, String turn) {}

  private record Told(String state, String content) {}

  Talk(String session, String user, Findings findings) {
    this.session = session;
    this.user = user;
    this.findings = findings;
  }

  String session() {
    return session;
  }

  /// The id of the one who sends.
  String user() {
    return user;
  }

  /// Notes that a message is about to be sent.
  synchronized Sent send(String text, List<String> models) {
    var key = "k" + sent.size();
    var message = new Sent(key, key + " " + text, List.copyOf(models), attempts++);
    sent.put(key, message);
    return message;
  }

  /// What was not acknowledged, in the order of sending, about to be sent again.
  synchronized List<Sent> again() {
    var unanswered = new ArrayList<>(sent.values());
    unanswered.removeIf(message -> isSaved(message.key()));
    unanswered.sort(Comparator.comparingInt(Sent::place));
    var messages = new ArrayList<Sent>();
    for (var message : unanswered) {
      var next = new Sent(message.key(), message.text(), message.models(), attempts++);
      messages.add(next);
      sent.put(next.key(), next);
      repeated.add(next.key());
    }
    return messages;
  }

  private synchronized boolean isSaved(String key) {
    return saved.containsKey(key);
  }

  /// Whether it was sent more than once; its turn may then come whole, once more.
  synchronized boolean isRepeated(String key) {
    return repeated.contains(key);
  }

  synchronized int size() {
    return sent.size();
  }

  synchronized int acknowledged() {
    return saved.size();
  }

  /// Messages under way: not acknowledged, or acknowledged and not over.
  synchronized int open() {
    return sent.size() - saved.size() + running.size();
  }

  /// The place of a message's latest sending; -1 for none that was sent here.
  synchronized int placeOf(String key) {
    var message = sent.get(key);
    return message == null ? -1 : message.place();
  }

  synchronized void saved(String key, Saved now) {
    var before = saved.put(key, now);
    if (!sent.containsKey(key)) {
      findings.add(Kind.CONTRADICTED, "%s: saved %s, which was never sent", session, key);
    } else if (before == null) {
      running.add(now.turn());
    } else if (!before.equals(now)) {
      findings.add(Kind.TWICE, "%s: %s saved as %s and as %s", session, key, before, now);
    }
    refused.remove(key);
    changed();
  }

  synchronized void refused(String key) {
    refused.add(key);
    changed();
  }

  /// Whether something was refused that was not taken later.
  synchronized boolean hasRefused() {
    return !refused.isEmpty();
  }

  /// An answer's end was told, and that it is stored.
  synchronized void told(String answer, String state, String content) {
    var before = told.put(answer, new Told(state, content));
    if (before != null && !before.equals(new Told(state, content))) {
      findings.add(Kind.CONTRADICTED, "%s: %s ended twice in two ways", session, answer);
    }
  }

  synchronized void over(String turn) {
    running.remove(turn);
    changed();
  }

  /// What was acknowledged so far: a history that is asked for now must show it.
  synchronized Map<String, Saved> acknowledgements() {
    return Map.copyOf(saved);
  }

  /// Takes those turns for over that a history shows as over, and for lost those that it should
  /// show and does not.
  ///
  /// @param expected what had been acknowledged when it was asked for
  /// @return how many of those that are over had been running
  synchronized int settle(JsonNode history, Map<String, Saved> expected) {
    int before = running.size();
    var shown = new HashSet<String>();
    for (var entry : history) {
      shown.add(entry.path("id").asText());
      if (isOver(entry)) {
        running.remove(entry.path("id").asText());
      }
    }
    int over = before - running.size();
    expected.forEach((key, message) -> {
      if (!shown.contains(message.turn())) {
        lose(key, message);
        over(message.turn());
      }
    });
    changed();
    return over;
  }

  /// Counts a message once, however often it is missed.
  private synchronized void lose(String key, Saved message) {
    if (lost.add(key)) {
      findings.add(Kind.LOST, "%s: %s %s", session, key, message);
    }
  }

  private static boolean isOver(JsonNode entry) {
    if (!entry.path("role").asText().equals("AI")) {
      return false;
    }
    for (var answer : entry.path("aiResponses")) {
      if (!TERMINAL.contains(answer.path("state").asText())) {
        return false;
      }
    }
    return true;
  }

  /// Waits for a change, for at most so many milliseconds.
  synchronized void await(long millis) throws InterruptedException {
    long seen = changes;
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = millis; seen == changes && left > 0; left = millisTo(until)) {
      wait(left);
    }
  }

  private static long millisTo(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime());
  }

  /// Wakes who waits.
  synchronized void changed() {
    changes++;
    notifyAll();
  }

  /// Compares what was told with what is kept: the whole history of the session, oldest first.
  synchronized void check(JsonNode history) {
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
    for (var message : saved.entrySet()) {
      if (!keys.contains(message.getKey())) {
        lose(message.getKey(), message.getValue());
      }
    }
    checkOrder(keys);
  }

  @GuardedBy("this")
  private void checkTurn(JsonNode user, JsonNode ai, List<String> keys) {
    var content = user.path("content").asText();
    var key = content.substring(0, Math.max(0, content.indexOf(' ')));
    var message = sent.get(key);
    if (message == null || !message.text().equals(content)) {
      findings.add(Kind.CONTRADICTED, "%s: kept a message nobody sent: %s", session, content);
      return;
    }
    if (keys.contains(key)) {
      findings.add(Kind.TWICE, "%s: %s is kept twice", session, key);
    }
    keys.add(key);
    if (refused.contains(key)) {
      findings.add(Kind.CONTRADICTED, "%s: %s was refused and is kept", session, key);
    }
    var acknowledged = saved.get(key);
    if (acknowledged != null && !acknowledged.id().equals(user.path("id").asText())) {
      findings.add(Kind.CONTRADICTED, "%s: %s has another id than was told", session, key);
    }
    if (!ai.path("role").asText().equals("AI")
        || (acknowledged != null && !acknowledged.turn().equals(ai.path("id").asText()))) {
      findings.add(Kind.DISORDER, "%s: %s is not followed by its answers", session, key);
      return;
    }
    if (!isOver(ai) || ai.path("aiResponses").size() != message.models().size()) {
      findings.add(Kind.UNENDED, "%s: %s: %s", session, key, states(ai));
    }
    ai.path("aiResponses").forEach(this::checkAnswer);
  }

  private static String states(JsonNode ai) {
    var states = new ArrayList<String>();
    ai.path("aiResponses").forEach(answer -> states.add(answer.path("state").asText()));
    return states.toString();
  }

  @GuardedBy("this")
  private void checkAnswer(JsonNode answer) {
    var id = answer.path("id").asText();
    var content = answer.path("content").asText();
    var state = answer.path("state").asText();
    var promised = StandInText.answer(answer.path("modelId").asText());
    if (state.equals("completed") ? !promised.equals(content) : !promised.startsWith(content)) {
      findings.add(Kind.CONTRADICTED, "%s: answer %s is not what the model said", session, id);
    }
    var before = Optional.ofNullable(told.get(id));
    if (before.isPresent() && !before.get().equals(new Told(state, content))) {
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

  @GuardedBy("this")
  private void checkOrder(List<String> keys) {
    int last = -1;
    for (var key : keys) {
      int place = placeOf(key);
      if (place < last && saved.containsKey(key)) {
        findings.add(Kind.DISORDER, "%s: %s is kept behind one sent later", session, key);
      }
      last = Math.max(last, place);
    }
  }
}
