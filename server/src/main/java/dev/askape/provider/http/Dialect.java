package dev.askape.provider.http;

import dev.askape.chat.FinishReason;
import dev.askape.provider.CallOptions;
import dev.askape.provider.Secret;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// How one kind of API is spoken; everything else about a call is the same for all of them. One for
/// each provider. Safe for any thread.
public interface Dialect {
  /// How a stream is cut into values.
  Framing framing();

  /// The headers of every request, that of the key among them.
  Map<String, String> headers(Optional<Secret> key);

  /// What stands before every path when the base URL has no path of its own; empty for nothing.
  default String usualBasePath() {
    return "";
  }

  /// Makes the requests for one model: each in the form that the server takes, as far as it is
  /// known by then.
  Supplier<RequestForm> requests(String model, CallOptions options);

  /// Reads one value of a stream into `chunk`, which is clear but for the tokens so far. On the hot
  /// path: without a tree.
  ///
  /// @param bytes only lent
  /// @return false when it is not JSON
  boolean read(byte[] bytes, int start, int length, Chunk chunk);

  /// Translates the word for why the model ended. Empty when it means that the model failed.
  Optional<FinishReason> finish(String word);

  /// The path, with its query, of one page of the list of models.
  ///
  /// @param page as [ModelPage] named it; absent for the first one
  String listPath(Optional<String> page);

  /// Reads one page. Empty when it is no list of models.
  Optional<ModelPage> readList(byte[] body);
}
