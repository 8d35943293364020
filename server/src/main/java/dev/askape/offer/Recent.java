package dev.askape.offer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// Values that are made once and kept while they are among those asked for last. Safe for any
/// thread.
final class Recent<K, V> {
  private final int most;
  private final Function<K, V> made;

  @GuardedBy("this")
  private final Map<K, V> kept = new LinkedHashMap<>(16, 0.75f, true);

  Recent(int most, Function<K, V> made) {
    this.most = most;
    this.made = made;
  }

  synchronized V get(K key) {
    var value = kept.get(key);
    if (value == null) {
      value = made.apply(key);
      kept.put(key, value);
      if (kept.size() > most) {
        kept.remove(kept.keySet().iterator().next());
      }
    }
    return value;
  }
}
