package dev.askape.chat;

import java.util.List;
import java.util.Optional;

/// What a turn may use at most, to be put aside in its sender's account before it is accepted.
///
/// @param budget what the account may hold; absent: anything
/// @param holds one for each answer of the turn, in their order; empty when nothing bounds them
public record Reservation(Optional<Budget> budget, List<Hold> holds) {
  /// Nothing bounds the turn.
  public static final Reservation NONE = new Reservation(Optional.empty(), List.of());

  public Reservation {
    holds = List.copyOf(holds);
  }

  public Hold of(int place) {
    return place < holds.size() ? holds.get(place) : Hold.NOTHING;
  }

  public Hold sum() {
    return holds.stream().reduce(Hold.NOTHING, Hold::plus);
  }
}
