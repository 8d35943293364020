package dev.askape.storage.mongo;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoServerException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoSocketOpenException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.MongoWriteConcernException;
import dev.askape.chat.RecordRefusedException;
import dev.askape.chat.StorageException;
import java.util.Map;
import java.util.Set;
import org.bson.BsonMaximumSizeExceededException;

/// What went wrong in MongoDB, in the domain's words and on one line. The driver's own messages are
/// never passed on: they can quote documents, and user names.
final class Failures {
  private static final int DUPLICATE_KEY = 11_000;
  private static final Set<Integer> TOO_LARGE = Set.of(10_334, 17_419, 17_420);

  /// A validator of the collection's, which is somebody else's, does not take the document.
  private static final int INVALID = 121;

  private static final int UNAUTHORIZED = 13;
  private static final int AUTHENTICATION_FAILED = 18;

  /// What the driver says of a server that it could not use, and what that means.
  private static final Map<String, String> SIGNS =
      Map.of(
          "MongoSecurityException", "it refuses the user or the password",
          "Connection refused", "the connection was refused",
          "UnknownHostException", "no host has that name",
          "Network is unreachable", "the network is unreachable",
          "SSLHandshakeException", "TLS could not be agreed on");

  private Failures() {}

  static StorageException of(String what, MongoException cause) {
    var message = what + ": MongoDB: " + reason(cause);
    return isTooLarge(cause) || cause.getCode() == INVALID
        ? new RecordRefusedException(message, cause)
        : new StorageException(message, cause);
  }

  static boolean isDuplicateKey(MongoException e) {
    return e.getCode() == DUPLICATE_KEY;
  }

  /// Whether a document was, or became, larger than MongoDB takes.
  static boolean isTooLarge(RuntimeException e) {
    return e instanceof BsonMaximumSizeExceededException
        || (e instanceof MongoException mongo && TOO_LARGE.contains(mongo.getCode()));
  }

  /// Whether it may work when it is done again at once: a connection that the server had closed, or
  /// a server that just stopped being the primary.
  static boolean isPassing(MongoException e) {
    return switch (e) {
      case MongoSocketOpenException _, MongoSocketReadTimeoutException _ -> false;
      case MongoSocketException _ -> true;
      case MongoNotPrimaryException _, MongoNodeIsRecoveringException _ -> true;
      default -> false;
    };
  }

  private static String reason(MongoException e) {
    return switch (e) {
      case MongoSecurityException _ -> "it refuses the user or the password";
      case MongoOperationTimeoutException _, MongoTimeoutException _ ->
          sign(e, "no answer in time");
      case MongoNotPrimaryException _, MongoNodeIsRecoveringException _ ->
          "the server is not the primary just now";
      case MongoSocketException _ -> sign(e, "the connection broke");
      case MongoWriteConcernException _ -> "not confirmed by a majority of its servers";
      case MongoCommandException command -> refused(command.getCode(), command.getErrorCodeName());
      case MongoServerException server -> refused(server.getCode(), "");
      default -> e.getClass().getSimpleName();
    };
  }

  private static String refused(int code, String name) {
    return switch (code) {
      case UNAUTHORIZED -> "this user may not do that";
      case AUTHENTICATION_FAILED -> "it refuses the user or the password";
      default -> ("error " + code + " " + name).strip();
    };
  }

  private static String sign(MongoException e, String otherwise) {
    var said = String.valueOf(e.getMessage()) + e.getCause();
    return SIGNS.entrySet().stream()
        .filter(sign -> said.contains(sign.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(otherwise);
  }
}
