package dev.askape.identity;

import java.util.Optional;

/// The ids that a client shows of itself, each of them valid. Who shows both is the user.
public record ShownIds(Optional<String> userId, Optional<String> guestId) {
  public static final ShownIds NONE = new ShownIds(Optional.empty(), Optional.empty());

  public static ShownIds guest(String guestId) {
    return new ShownIds(Optional.empty(), Optional.of(guestId));
  }

  public boolean isEmpty() {
    return userId.isEmpty() && guestId.isEmpty();
  }
}
