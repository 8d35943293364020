package dev.askape.bench.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.askape.bench.faults.Findings.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private final Map<String, Saved> saved = new LinkedHashMap<>();

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
  private final Map<String, Integer> counts = new HashMap<>();

  @GuardedBy("this")
  private int attempts;

  @GuardedBy("this")
  private long changes;

  /// @param place rises with each attempt to send something in this session
  record Sent(String key, String text, List<String> models, int place) {}

  /// @param id of the USER entry
  /// @param turn of the AI entry, by which events name the turn
  record Saved(String id, String turn) {}

  record Told(String state, String content) {}

  /// What is known of a session at a moment.
  ///
  /// @param lost what was found lost before
  record Known(
      String session,
      Map<String, Sent> sent,
      Map<String, Saved> saved,
      Set<String> refused,
      Map<String, Told> told,
      Set<String> lost) {
    /// How many acknowledged messages a history does not show with the end of each answer.
    long countMissing(JsonNode history) {
      var over = new HashSet<String>();
      for (var entry : history) {
        if (isOver(entry)) {
          over.add(entry.path("id").asText());
        }
      }
      return saved.values().stream().filter(message -> !over.contains(message.turn())).count();
    }
  }

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

  /// @param stored where, as it was told
  synchronized void saved(String key, Saved now, String stored) {
    count(stored);
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

  /// @param why the type of the error
  synchronized void refused(String key, String why) {
    count(why);
    refused.add(key);
    changed();
  }

  /// Counts one of a kind of what was told.
  synchronized void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  synchronized Map<String, Integer> counts() {
    return Map.copyOf(counts);
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

  static boolean isOver(JsonNode entry) {
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
  void check(JsonNode history) {
    new Comparison(known(), findings).check(history);
  }

  /// What is known now.
  synchronized Known known() {
    return new Known(
        session,
        Map.copyOf(sent),
        new LinkedHashMap<>(saved),
        Set.copyOf(refused),
        Map.copyOf(told),
        Set.copyOf(lost));
  }
}
