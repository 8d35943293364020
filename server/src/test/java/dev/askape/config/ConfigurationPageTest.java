package dev.askape.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {
  @Test
  void isWhatTheDocumentationSays() throws IOException {
    // Tests run in their module's folder.
    var page = Path.of("../docs/configuration.md");

    assertThat(page)
        .as("make it anew with: ./askape configuration-page > docs/configuration.md")
        .exists();
    assertThat(Files.readString(page))
        .as("make it anew with: ./askape configuration-page > docs/configuration.md")
        .isEqualTo(ConfigurationPage.text());
  }
}
