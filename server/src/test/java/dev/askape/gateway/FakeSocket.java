package dev.askape.gateway;

import dev.askape.socketio.EncodedPacket;
import java.util.ArrayList;
import java.util.List;

/// A socket that takes as many packets as the test lets it, and keeps them. One thread at a time.
final class FakeSocket implements Outlet {
  private int takes = Integer.MAX_VALUE;
  private final List<EncodedPacket> packets = new ArrayList<>();
  private boolean closed;
  private int sentUnasked;
  private int asked;
  private Runnable whenAsked = () -> {};

  /// From now on it takes only so many more.
  void takesOnly(int more) {
    takes = more;
  }

  void takesEverything() {
    takes = Integer.MAX_VALUE;
  }

  /// From now on, something happens each time it is asked whether it takes more.
  void whenAsked(Runnable happens) {
    whenAsked = happens;
  }

  /// How often it was asked whether it takes more.
  int asked() {
    return asked;
  }

  @Override
  public boolean takesMore() {
    asked++;
    whenAsked.run();
    return takes > 0;
  }

  @Override
  public void send(EncodedPacket packet) {
    if (takes == 0) {
      sentUnasked++;
    } else {
      takes--;
    }
    packets.add(packet);
  }

  @Override
  public void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  /// How many packets came while it took none.
  int sentUnasked() {
    return sentUnasked;
  }

  List<EncodedPacket> packets() {
    return packets;
  }

  List<Sent> sent() {
    return packets.stream().map(Sent::of).toList();
  }

  List<String> events() {
    return sent().stream().map(Sent::event).toList();
  }

  /// What came of one kind.
  List<Sent> sent(String event) {
    return sent().stream().filter(one -> one.event().equals(event)).toList();
  }

  Sent last() {
    return Sent.of(packets.getLast());
  }

  void forget() {
    packets.clear();
  }
}
