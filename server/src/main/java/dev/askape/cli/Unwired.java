package dev.askape.cli;

import dev.askape.chat.Model;
import dev.askape.config.Settings;
import java.util.List;

/// Stands where the object graph goes: starts nothing, and says so.
final class Unwired implements Commands {
  @Override
  public Running serve(Settings settings) {
    throw missing();
  }

  @Override
  public List<Model> listModels(Settings settings) {
    throw missing();
  }

  @Override
  public List<Finding> probe(Settings settings) {
    throw missing();
  }

  @Override
  public Running fakeProvider(int port) {
    throw missing();
  }

  @Override
  public Running conformance(int port) {
    throw missing();
  }

  private static StartupException missing() {
    return new StartupException("this build contains nothing to start");
  }
}
