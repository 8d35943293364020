package dev.askape.provider.local;

import dev.askape.provider.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// Asks a child whether it is well. Blocks its caller.
final class Health implements AutoCloseable {
  /// What came of one look.
  enum Sign {
    WELL,
    /// It answers, but its answers get no further.
    STUCK,
    NONE
  }

  private static final Duration LIMIT = Duration.ofSeconds(3);

  private final HttpClient client;
  private final HttpRequest request;

  Health(int port, Secret key) {
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
    request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
            .header("Authorization", "Bearer " + key.reveal())
            .timeout(LIMIT)
            .build();
  }

  Sign look() throws InterruptedException {
    try {
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      return status == 200 ? Sign.WELL : Sign.STUCK;
    } catch (IOException _) {
      return Sign.NONE;
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
