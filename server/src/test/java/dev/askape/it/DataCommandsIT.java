package dev.askape.it;

import static dev.askape.it.ChatClient.ids;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.askape.fixture.MongoServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The commands that copy what is kept, as an operator runs them.
@Timeout(180)
class DataCommandsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String QUICK = "fake-quick:tokens=3,first=0,rate=0";
  private static final String USER = "somebody";
  private static final String SESSION = "of-somebody";

  @TempDir private Path folder;
  @AutoClose private final StandIn standIn = new StandIn();

  @BeforeEach
  void configure() throws IOException {
    Configuration.write(folder, standIn.baseUrl());
  }

  private Program program() {
    return Program.in(folder);
  }

  private static void talk(ServerProcess server, int turns) {
    try (var client = ChatClient.connect(server.uri())) {
      for (int n = 1; n <= turns; n++) {
        int mark = client.mark();
        client.say(SESSION, USER, "Question " + n, QUICK);
        client.say("of-others", "others", "Secret " + n, QUICK);
        client.await(mark, "all_responses_complete", done -> isIn(done, SESSION));
        client.await(mark, "all_responses_complete", done -> isIn(done, "of-others"));
      }
    }
  }

  private static boolean isIn(JsonNode event, String session) {
    return event.path("sessionId").asText().equals(session);
  }

  private static JsonNode history(ServerProcess server) {
    try (var client = ChatClient.connect(server.uri())) {
      return client.answerTo("join_session", ids(SESSION, USER)).path("history");
    }
  }

  @Test
  void backsUpAndExportsWhileTheServerRuns() throws Exception {
    JsonNode before;
    try (var server = ServerProcess.start(program())) {
      talk(server, 12);
      before = history(server);

      assertThat(program().run("backup", "copy.db").exit()).isZero();
      assertThat(program().run("backup", "copy.db").err()).asString().contains("is there already");
      var exported = program().run("export", "--user", USER);

      assertThat(exported.exit()).isZero();
      var lines = new ArrayList<JsonNode>();
      for (var line : exported.out()) {
        lines.add(JSON.readTree(line));
      }
      assertThat(lines.getFirst().path("type").asText()).isEqualTo("session");
      assertThat(entries(lines)).hasSize(24).isEqualTo(entries(before));
      assertThat(exported.out().toString()).doesNotContain("Secret");
    }
    try (var restored =
        ServerProcess.start(program(), "--storage.sqlite.path=" + folder.resolve("copy.db"))) {
      assertThat(history(restored)).isEqualTo(before);
    }
  }

  private static List<List<JsonNode>> entries(Iterable<JsonNode> nodes) {
    var entries = new ArrayList<List<JsonNode>>();
    for (var node : nodes) {
      if (node.has("role")) {
        entries.add(List.of(node.path("id"), node.path("content"), node.path("aiResponses")));
      }
    }
    return entries;
  }

  @Test
  void movesToMongoDb() throws Exception {
    try (var mongo = MongoServer.start(folder.resolve("mongo"))) {
      var uri = "--storage.mongo.uri=" + mongo.uri() + "/moved";
      JsonNode before;
      try (var server = ServerProcess.start(program())) {
        talk(server, 3);
        before = history(server);
        assertThat(program().run("migrate", uri).err()).asString().contains("in use");
      }

      var first = program().run("migrate", uri);
      var second = program().run("migrate", uri);

      assertThat(first.out()).asString().contains("2 sessions with 6 messages copied");
      assertThat(second.out()).asString().contains("0 messages copied, 2 were there already");
      try (var server =
          ServerProcess.start(
              program(), uri, "--storage.spool.path=" + folder.resolve("spool.db"))) {
        assertThat(history(server)).isEqualTo(before);
      }
    }
  }
}
