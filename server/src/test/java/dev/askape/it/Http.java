package dev.askape.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/// Plain requests.
final class Http {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Http() {}

  record Reply(int status, String body) {
    JsonNode json() throws IOException {
      return JSON.readTree(body);
    }
  }

  static Reply get(URI server, String target) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(server.resolve(target)).timeout(Patience.LIMIT).build();
    var response = CLIENT.send(request, BodyHandlers.ofString());
    return new Reply(response.statusCode(), response.body());
  }
}
