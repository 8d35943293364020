package dev.askape.socketio;

import java.util.Set;
import java.util.function.Supplier;

/// Sockets of a namespace that are to be sent the same. Immutable; who they are is found out at
/// each sending.
public final class Broadcast {
  private final Namespace namespace;
  private final Supplier<Set<Socket>> members;
  private final Set<Socket> except;
  private final boolean isVolatile;

  Broadcast(
      Namespace namespace, Supplier<Set<Socket>> members, Set<Socket> except, boolean isVolatile) {
    this.namespace = namespace;
    this.members = members;
    this.except = except;
    this.isVolatile = isVolatile;
  }

  /// Without these.
  public Broadcast except(Socket... sockets) {
    return new Broadcast(namespace, members, Set.of(sockets), isVolatile);
  }

  /// Only those that take more at that moment; the others miss it.
  public Broadcast asVolatile() {
    return new Broadcast(namespace, members, except, true);
  }

  /// Emits an event, encoded once; arguments as in [EncodedPacket#event].
  public void emit(String event, Object... args) {
    send(EncodedPacket.event(namespace.name(), event, args));
  }

  public void send(EncodedPacket packet) {
    for (Socket socket : members.get()) {
      if (!except.contains(socket) && (!isVolatile || socket.takesMore())) {
        socket.send(packet);
      }
    }
  }
}
