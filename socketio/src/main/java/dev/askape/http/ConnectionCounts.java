package dev.askape.http;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// How many connections there are, in all and of each address, and whether these are too many.
/// Loopback has no limit of its own. Safe for any thread.
public final class ConnectionCounts {
  private final int max;
  private final int maxPerAddress;
  private final AtomicInteger all = new AtomicInteger();
  private final ConcurrentHashMap<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();

  public ConnectionCounts(int max, int maxPerAddress) {
    this.max = max;
    this.maxPerAddress = maxPerAddress;
  }

  /// Counts one more, whatever the limits say, and tells whether it is within them.
  public boolean add(InetAddress address) {
    int count = all.incrementAndGet();
    int here = perAddress.merge(address, 1, Integer::sum);
    return count <= max && (here <= maxPerAddress || address.isLoopbackAddress());
  }

  public void remove(InetAddress address) {
    all.decrementAndGet();
    perAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
  }

  public int all() {
    return all.get();
  }
}
