package dev.askape.it;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/// The configuration that `conformance/README.md` asks for, as a file in a folder, with the data
/// beside it.
final class Configuration {
  private Configuration() {}

  /// Writes `askape.yaml`.
  static Path write(Path folder, URI providerBaseUrl) throws IOException {
    return Files.writeString(
        folder.resolve("askape.yaml"),
        """
        server: { host: 127.0.0.1, port: 0 }
        storage:
          sqlite: { path: "%s" }
        providers:
          fake: { type: openai, base-url: "%s" }
        models:
          - { id: fake-a, name: Fake A, provider: fake, default: true }
          - { id: fake-b, name: Fake B, provider: fake, default: true }
          - { id: "fake-*", provider: fake }
        """
            .formatted(data(folder), providerBaseUrl));
  }

  static Path data(Path folder) {
    return folder.resolve("data").resolve("askape.db");
  }
}
