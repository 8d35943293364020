package dev.askape.provider;

import java.time.Duration;
import java.util.List;

/// An API that has models. Safe for any thread.
public interface Provider extends AutoCloseable {
  /// The configured name.
  String name();

  /// The model that the provider knows by this id; nobody asks it whether it does.
  Upstream upstream(String id, CallOptions options);

  /// Asks for its models; blocks.
  ///
  /// @throws ProviderException when it does not answer in time, refuses, or answers something else
  List<ListedModel> listModels(Duration timeout) throws InterruptedException;

  /// Closes the idle connections. Calls that run are not ended: who made them does that.
  @Override
  void close();
}
