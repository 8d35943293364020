package dev.askape.provider.local;

/// How far the local models are. Immutable.
///
/// @param words for people: what they wait for, or why they will not come
public record State(Phase phase, String words) {
  enum Phase {
    /// For something that may take minutes.
    WAITING,
    STARTING,
    READY,
    OVER
  }

  static State waiting(String words) {
    return new State(Phase.WAITING, words);
  }

  static State starting() {
    return new State(Phase.STARTING, "their process is starting");
  }

  static State ready() {
    return new State(Phase.READY, "ready");
  }

  static State over(String words) {
    return new State(Phase.OVER, words);
  }

  public boolean isReady() {
    return phase == Phase.READY;
  }

  /// Whether it is worth waiting for.
  boolean isShort() {
    return phase == Phase.STARTING;
  }
}
