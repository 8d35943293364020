package dev.askape.standin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// Counts the requests for answers. Safe for any thread.
final class StandInStats {
  private static final int MAX_MODELS = 10_000;
  private static final int MAX_TIMES = 100;

  private final LongAdder requests = new LongAdder();
  private final LongAdder completed = new LongAdder();
  private final LongAdder cancelled = new LongAdder();
  private final LongAdder redirected = new LongAdder();
  private final long start = System.nanoTime();
  private final Map<String, Calls> models =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Calls> eldest) {
          return size() > MAX_MODELS;
        }
      };

  /// Those of one model; guarded by the map.
  private static final class Calls {
    private long count;
    private final List<Long> nanos = new ArrayList<>(); // the first of them
  }

  /// Returns which call of this model it is, from 1.
  long asked(String model) {
    requests.increment();
    long now = System.nanoTime();
    synchronized (models) {
      var calls = models.computeIfAbsent(model, _ -> new Calls());
      if (calls.nanos.size() < MAX_TIMES) {
        calls.nanos.add(now);
      }
      return ++calls.count;
    }
  }

  void completed() {
    completed.increment();
  }

  void cancelled() {
    cancelled.increment();
  }

  void redirected() {
    redirected.increment();
  }

  StandInProvider.Stats now() {
    long done = completed.sum();
    long gone = cancelled.sum();
    long all = requests.sum();
    return new StandInProvider.Stats(all, all - done - gone, done, gone, redirected.sum());
  }

  StandInProvider.Calls of(String model) {
    synchronized (models) {
      var calls = models.get(model);
      return calls == null
          ? new StandInProvider.Calls(0, List.of())
          : new StandInProvider.Calls(calls.count, List.copyOf(calls.nanos));
    }
  }

  String json() {
    var now = now();
    var json =
        new StringBuilder(
            "{\"requests\":%d,\"running\":%d,\"completed\":%d,\"cancelled\":%d,\"redirected\":%d,\"models\":{"
                .formatted(
                    now.requests(),
                    now.running(),
                    now.completed(),
                    now.cancelled(),
                    now.redirected()));
    synchronized (models) {
      var separator = "";
      for (var entry : models.entrySet()) {
        var millis = entry.getValue().nanos.stream().map(at -> (at - start) / 1_000_000).toList();
        json.append(separator)
            .append(JsonText.quoted(entry.getKey()))
            .append(":{\"calls\":")
            .append(entry.getValue().count)
            .append(",\"atMillis\":")
            .append(millis)
            .append('}');
        separator = ",";
      }
    }
    return json.append("}}").toString();
  }
}
