package dev.askape.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// A namespace, with the sockets in it and their rooms. Safe for any thread.
public final class Namespace {
  private final String name;
  private final List<ConnectHandler> connectHandlers = new CopyOnWriteArrayList<>();
  private final List<Consumer<Socket>> connectionHandlers = new CopyOnWriteArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Map<String, Set<Socket>> rooms = new ConcurrentHashMap<>();

  Namespace(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  /// Who may enter: all these handlers must accept, in the order they were given. Without any,
  /// everybody.
  public Namespace onConnect(ConnectHandler handler) {
    connectHandlers.add(handler);
    return this;
  }

  /// Called for each socket that entered, on its serial queue, before any event of it is delivered.
  public Namespace onConnection(Consumer<Socket> handler) {
    connectionHandlers.add(handler);
    return this;
  }

  /// The sockets in at least one of these rooms. Each socket is in the room of its id.
  public Broadcast to(String... names) {
    List<String> asked = List.of(names);
    return new Broadcast(this, () -> members(asked), Set.of(), false);
  }

  /// All sockets of the namespace.
  public Broadcast all() {
    return new Broadcast(this, () -> Set.copyOf(sockets), Set.of(), false);
  }

  ConnectDecision decide(Handshake handshake, JsonNode auth) throws InterruptedException {
    for (ConnectHandler handler : connectHandlers) {
      if (handler.decide(handshake, auth) instanceof ConnectDecision.Refuse refusal) {
        return refusal;
      }
    }
    return ConnectDecision.accept();
  }

  void entered(Socket socket) {
    connectionHandlers.forEach(handler -> handler.accept(socket));
  }

  void add(Socket socket) {
    sockets.add(socket);
  }

  void remove(Socket socket) {
    sockets.remove(socket);
  }

  void join(String room, Socket socket) {
    rooms.compute(
        room,
        (_, members) -> {
          Set<Socket> changed = members == null ? ConcurrentHashMap.newKeySet() : members;
          changed.add(socket);
          return changed;
        });
  }

  void leave(String room, Socket socket) {
    rooms.computeIfPresent(
        room,
        (_, members) -> {
          members.remove(socket);
          return members.isEmpty() ? null : members;
        });
  }

  private Set<Socket> members(List<String> asked) {
    if (asked.size() == 1) {
      return rooms.getOrDefault(asked.getFirst(), Set.of());
    }
    Set<Socket> all = new HashSet<>();
    asked.forEach(room -> all.addAll(rooms.getOrDefault(room, Set.of())));
    return all;
  }

  int roomCount() {
    return rooms.size();
  }
}
