package dev.askape.chat;

import java.util.List;
import java.util.Optional;

/// Who is asking, already proven or believed: a party, and for a user who also shows a guest id,
/// that guest, whose sessions he may reach and takes over.
public record Asker(Party party, Optional<Party.Guest> formerly) {
  public Asker(Party party) {
    this(party, Optional.empty());
  }

  /// Who shows these ids, at least one of them: with both, the user, who was the guest before.
  public static Asker of(Optional<String> userId, Optional<String> guestId) {
    var guest = guestId.map(Party.Guest::new);
    return userId
        .map(id -> new Asker(new Party.User(id), guest))
        .orElseGet(() -> new Asker(guest.orElseThrow()));
  }

  /// The party, and the guest it was before.
  public List<Party> parties() {
    return formerly.map(guest -> List.of(party, guest)).orElseGet(() -> List.of(party));
  }

  /// Whether what belongs to `owner` belongs to the asker.
  public boolean is(Party owner) {
    return party.equals(owner) || formerly.map(guest -> guest.equals(owner)).orElse(false);
  }
}
