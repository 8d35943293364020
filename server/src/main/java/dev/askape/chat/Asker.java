package dev.askape.chat;

import java.util.Optional;

/// Who is asking, already proven or believed: a party, and for a user who also shows a guest id,
/// that guest, whose sessions he may reach and takes over.
public record Asker(Party party, Optional<Party.Guest> formerly) {
  public Asker(Party party) {
    this(party, Optional.empty());
  }

  /// Whether what belongs to `owner` belongs to the asker.
  public boolean is(Party owner) {
    return party.equals(owner) || formerly.map(guest -> guest.equals(owner)).orElse(false);
  }
}
