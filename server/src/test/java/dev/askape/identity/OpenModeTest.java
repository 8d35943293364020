package dev.askape.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class OpenModeTest {
  private static final ShownIds ANNA = new ShownIds(Optional.of("anna"), Optional.empty());
  private static final ShownIds BERT = new ShownIds(Optional.of("bert"), Optional.empty());
  private static final ShownIds GUEST = ShownIds.guest("guest_1");

  private final OpenMode identity = new OpenMode();

  @Test
  void isNobodyUntilItHasShownAnId() {
    assertThat(identity.who("s", ShownIds.NONE)).isEmpty();
  }

  @Test
  void isWhoTheEventSays() {
    identity.remember("s", ANNA);

    assertThat(identity.who("s", BERT)).contains(BERT);
  }

  @Test
  void isWhoTheLatestSaidInThatSession() {
    identity.remember("s", ANNA);
    identity.remember("t", BERT);

    assertThat(identity.who("s", ShownIds.NONE)).contains(ANNA);
    assertThat(identity.who("t", ShownIds.NONE)).contains(BERT);

    identity.remember("s", GUEST);
    assertThat(identity.who("s", ShownIds.NONE)).contains(GUEST);
  }

  @Test
  void isElsewhereWhoTheLatestSaidAnywhere() {
    identity.remember("s", ANNA);
    identity.remember("t", BERT);

    assertThat(identity.who("new", ShownIds.NONE)).contains(BERT);
  }

  @Test
  void doesNotChangeByAsking() {
    identity.remember("s", ANNA);
    var unused = identity.who("s", BERT);

    assertThat(unused).contains(BERT);
    assertThat(identity.who("s", ShownIds.NONE)).contains(ANNA);
  }

  @Test
  void remembersSoManySessionsTheOnesInUseLongest() {
    identity.remember("first", ANNA);
    for (int i = 0; i < 63; i++) {
      identity.remember("s" + i, BERT);
      assertThat(identity.who("first", ShownIds.NONE)).contains(ANNA);
    }
    identity.remember("one more", GUEST);

    assertThat(identity.who("first", ShownIds.NONE)).contains(ANNA);
    assertThat(identity.who("s0", ShownIds.NONE)).contains(GUEST);
  }

  @Test
  void knowsWhoShowsNothing() {
    assertThat(ShownIds.NONE.isEmpty()).isTrue();
    assertThat(GUEST.isEmpty()).isFalse();
    assertThat(ANNA.isEmpty()).isFalse();
  }
}
