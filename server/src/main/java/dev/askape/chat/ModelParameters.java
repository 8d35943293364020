package dev.askape.chat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// How a model is asked to answer; what is absent is left to the provider.
public record ModelParameters(
    OptionalDouble temperature,
    OptionalInt maxTokens,
    List<String> stop,
    Optional<String> reasoningEffort) {
  public static final ModelParameters DEFAULTS =
      new ModelParameters(OptionalDouble.empty(), OptionalInt.empty(), List.of(), Optional.empty());

  public ModelParameters {
    stop = List.copyOf(stop);
  }

  ModelParameters withMaxTokens(int tokens) {
    return new ModelParameters(temperature, OptionalInt.of(tokens), stop, reasoningEffort);
  }
}
