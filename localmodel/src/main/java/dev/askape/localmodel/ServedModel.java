package dev.askape.localmodel;

import java.util.Arrays;
import java.util.Optional;

/// The models that are offered: the same weights, told apart by how freely the next word is chosen.
enum ServedModel {
  PLAIN("smollm2", 0.3f),
  INVENTIVE("smollm2-inventive", 0.8f);

  /// Without it, so small a model falls into loops.
  static final float REPEAT_PENALTY = 1.1f;

  private final String id;
  private final float temperature;

  ServedModel(String id, float temperature) {
    this.id = id;
    this.temperature = temperature;
  }

  String id() {
    return id;
  }

  float temperature() {
    return temperature;
  }

  static Optional<ServedModel> named(String id) {
    return Arrays.stream(values()).filter(model -> model.id.equals(id)).findFirst();
  }
}
