package dev.askape.chat;

import java.util.List;

/// Whom a turn asks, with what, and what that may use.
///
/// @param candidates for each place whom to ask, the second in place of the first; none for a model
///   that is not known
record TurnPlan(List<List<Candidate>> candidates, Reservation reservation, TurnMeter meter) {
  TurnPlan {
    candidates = List.copyOf(candidates);
  }
}
