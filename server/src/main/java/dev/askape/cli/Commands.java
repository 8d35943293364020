package dev.askape.cli;

import dev.askape.chat.Model;
import dev.askape.chat.Party;
import dev.askape.config.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What the commands start. Every method reports that it cannot do so by an exception; [Problems]
/// makes one line of it.
public interface Commands {
  /// Opens the store, the providers and the port; returns when clients can connect.
  Running serve(Settings settings);

  /// The models that a server with these settings would offer, in that order.
  List<Model> listModels(Settings settings);

  /// Tries what a server with these settings would need: each provider, the store.
  List<Finding> probe(Settings settings);

  /// Copies the embedded store's file as it is now.
  ///
  /// @return what was done, in one line
  String backup(Settings settings, Path target);

  /// Gives what is kept of one identity, a line of JSON for each session and each entry.
  ///
  /// @return how many sessions
  long export(Settings settings, Party owner, Consumer<String> line);

  /// Copies the embedded store's conversations to MongoDB.
  ///
  /// @param progress what is done so far, in one line
  /// @return what was done, in one line
  String migrate(Settings settings, Consumer<String> progress);

  /// A stand-in for every kind of provider, on loopback.
  ///
  /// @param port 0 for any free one
  /// @param key that every caller must show; empty: none must
  Running fakeProvider(int port, Optional<String> key);

  /// What the official suites of Engine.IO and Socket.IO talk to, on loopback.
  ///
  /// @param port 0 for any free one
  Running conformance(int port);

  /// Something that runs until it is closed.
  interface Running extends AutoCloseable {
    /// What to tell who started it, such as where it listens.
    String greeting();

    /// Ends it in good order; returns when it has ended. Called once, from the thread that ends the
    /// process.
    @Override
    void close();
  }

  /// What came of trying one thing.
  ///
  /// @param subject such as `provider hf`
  /// @param detail one line without secrets: what was found, or what is wrong
  record Finding(boolean isGood, String subject, String detail) {}
}
