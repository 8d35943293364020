package dev.askape.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
  private final Redactor redactor = new Redactor(List.of(new Secret("planted.key.0123456789")));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "your key planted.key.0123456789 is wrong",
        "planted.key.0123456789",
        "key planted.***456789 is wrong",
        "a http://user:planted.key.0123456789@host/x?k=planted.key.0123456789 b"
      })
  void hidesTheKnownKey(String text) {
    assertThat(redactor.redact(text)).doesNotContain("planted").doesNotContain("23456789");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer abcSECRETdef",
        "bearer%20abcSECRETdef",
        "Incorrect API key provided: sk-SECRET***mnop.",
        "token hf_SECRETabcdef",
        "see https://host.example/path?SECRET",
        "jwt eyJSECRETabcdefgh.eyJ0.x"
      })
  void hidesWhatLooksLikeASecret(String text) {
    assertThat(redactor.redact(text)).doesNotContain("SECRET");
  }

  @Test
  void keepsOrdinaryWords() {
    assertThat(redactor.redact("HTTP 429: rate limit reached for model x/y-7b, try later"))
        .isEqualTo("HTTP 429: rate limit reached for model x/y-7b, try later");
  }

  @Test
  void keepsToOneShortLine() {
    assertThat(redactor.redact("a\r\nforged log line\u2028b " + "word ".repeat(500)))
        .startsWith("a forged log line b")
        .hasSizeLessThan(510)
        .doesNotContain("\n");
  }

  @Test
  void printsNoSecret() {
    assertThat(new Secret("planted")).hasToString("(hidden)");
  }
}
