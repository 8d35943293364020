package dev.askape.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "0",
        "3b241101-e2bb-4255-8caf-4136c566a962",
        "1732442400000",
        "anna@example.org",
        "AZaz09._:@-",
        "..",
        "-"
      })
  void takesWhatClientsUse(String id) {
    assertThat(Ids.isValid(id)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "a b", "a\n", "a\u0000", "é", "ａ", "٣", "a/b", "a\\b", "a'b", "a\"b", "<a>",
        "a%00", "😀", "a+b", "a,b", "a;b", "{}", "`", "[", "^"
      })
  void takesNothingElse(String id) {
    assertThat(Ids.isValid(id)).isFalse();
  }

  @Test
  void takesOneTo128Characters() {
    assertThat(Ids.isValid("x".repeat(128))).isTrue();
    assertThat(Ids.isValid("x".repeat(129))).isFalse();
  }

  @Test
  void makesFreshGuestsThatAreValidAndNeverTheSame() {
    var seen = new HashSet<String>();
    for (int i = 0; i < 1_000; i++) {
      var guest = Ids.freshGuest();
      assertThat(guest).matches("guest_[0-9a-f]{32}");
      assertThat(Ids.isValid(guest)).isTrue();
      assertThat(seen.add(guest)).isTrue();
    }
  }
}
