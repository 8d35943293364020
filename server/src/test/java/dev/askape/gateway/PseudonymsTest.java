package dev.askape.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PseudonymsTest {
  @Test
  void tellGuestsApartWithoutSayingWhoTheyAre() {
    var one = Pseudonyms.of("guest_1");

    assertThat(one).isEqualTo(Pseudonyms.of("guest_1")).matches("guest:[0-9a-f]{12}");
    assertThat(one).isNotEqualTo(Pseudonyms.of("guest_2")).doesNotContain("guest_1");
  }
}
