package dev.askape.storage.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoClientSettings;
import com.mongodb.WriteConcern;
import dev.askape.chat.StorageException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MongoUriTest {
  @Test
  void usesNoMoreThanTheConnectionStringSays() {
    var modest =
        driver("mongodb://h/?maxPoolSize=3&connectTimeoutMS=200&serverSelectionTimeoutMS=100");
    assertThat(modest.getConnectionPoolSettings().getMaxSize()).isEqualTo(3);
    assertThat(modest.getSocketSettings().getConnectTimeout(TimeUnit.MILLISECONDS)).isEqualTo(200);
    assertThat(modest.getClusterSettings().getServerSelectionTimeout(TimeUnit.MILLISECONDS))
        .isEqualTo(100);
    var greedy = driver("mongodb://h/?maxPoolSize=0&connectTimeoutMS=60000&w=1&journal=false");
    assertThat(greedy.getConnectionPoolSettings().getMaxSize()).isEqualTo(64);
    assertThat(greedy.getSocketSettings().getConnectTimeout(TimeUnit.SECONDS)).isEqualTo(2);
    assertThat(greedy.getWriteConcern()).isEqualTo(WriteConcern.MAJORITY.withJournal(true));
  }

  private static MongoClientSettings driver(String uri) {
    return Driver.settings(MongoSettings.of(MongoUri.of(uri), "node")).build();
  }

  private static final Duration SHORT = Duration.ofMillis(300);

  @Test
  void showsTheHostsAlone() {
    var uri = MongoUri.of("mongodb://anna:sesame@one:27017,two/chats?appName=x");

    assertThat(uri).hasToString("one:27017,two");
    assertThat(uri.database()).contains("chats");
    assertThat(MongoSettings.of(uri, "node").toString()).doesNotContain("sesame", "anna");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sesame",
        "http://anna:sesame@host/",
        "mongodb://anna:ses@me@host/",
        "mongodb://anna:sesame@",
        "mongodb://anna:sesame@host:99999/",
      })
  void doesNotRepeatWhatIsNoConnectionString(String text) {
    assertThatThrownBy(() -> MongoUri.of(text))
        .isInstanceOf(StorageException.class)
        .hasNoCause()
        .hasMessageContaining("storage.mongo.uri")
        .message()
        .doesNotContain("sesame", "\n");
  }

  /// Whatever there is on the way to it: nobody listens on port 1.
  @Test
  void keepsThePasswordOutOfWhatItSaysOfAServerThatIsAway() {
    var settings =
        MongoSettings.of(MongoUri.of("mongodb://anna:sesame@127.0.0.1:1/"), "node")
            .withTimeouts(SHORT, SHORT, SHORT);

    assertThatThrownBy(() -> MongoStore.open(settings))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("MongoDB: the connection was refused")
        .satisfies(e -> {
          for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain("sesame");
          }
        });
  }
}
