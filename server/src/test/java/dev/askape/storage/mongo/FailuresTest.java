package dev.askape.storage.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.ServerAddress;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.bulk.BulkWriteResult;
import dev.askape.chat.RecordRefusedException;
import dev.askape.chat.StorageException;
import java.util.List;
import java.util.Set;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {
  private static StorageException failure(int code) {
    return Failures.of(
        "parts not stored",
        new MongoBulkWriteException(
            BulkWriteResult.unacknowledged(),
            List.of(new BulkWriteError(code, "no", new BsonDocument(), 1)),
            null,
            new ServerAddress(),
            Set.of()));
  }

  /// Else the parts of one long turn would be given to MongoDB for ever, and look like an outage.
  @ParameterizedTest
  @ValueSource(ints = {10_334, 17_419, 121})
  void takesAWriteOfSeveralThatWillNeverFitForRefused(int code) {
    assertThat(failure(code)).isInstanceOf(RecordRefusedException.class);
  }

  @Test
  void takesOtherFailuresOfSeveralWritesForPassing() {
    assertThat(failure(14_031)).isNotInstanceOf(RecordRefusedException.class);
  }
}
