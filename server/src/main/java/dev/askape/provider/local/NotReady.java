package dev.askape.provider.local;

/// Why there are no local models, in words for people.
final class NotReady extends Exception {
  private final boolean passing;

  /// @param passing whether trying again later may help
  NotReady(boolean passing, String message) {
    super(message);
    this.passing = passing;
  }

  static NotReady forGood(String message) {
    return new NotReady(false, message);
  }

  static NotReady forNow(String message) {
    return new NotReady(true, message);
  }

  boolean isPassing() {
    return passing;
  }

  String words() {
    var message = getMessage();
    return message == null ? "" : message;
  }
}
