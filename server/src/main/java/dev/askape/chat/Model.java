package dev.askape.chat;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/// A model that can be asked: what clients see of it, and how to ask it.
///
/// @param provider the configured name of its provider
/// @param contextWindow in tokens, prompt and answer together; absent when not known
/// @param price absent when nobody knows
/// @param fallback the model that answers in its place when it fails before its first word
/// @param available whether a message to it can be answered now
public record Model(
    ModelId id,
    String name,
    String provider,
    boolean isDefault,
    OptionalInt contextWindow,
    Optional<String> systemPrompt,
    ModelParameters parameters,
    Optional<Price> price,
    Optional<ModelId> fallback,
    LanguageModel language,
    BooleanSupplier available) {

  /// A model without a price and a fallback.
  public Model(
      ModelId id,
      String name,
      String provider,
      boolean isDefault,
      OptionalInt contextWindow,
      Optional<String> systemPrompt,
      ModelParameters parameters,
      LanguageModel language,
      BooleanSupplier available) {
    this(
        id,
        name,
        provider,
        isDefault,
        contextWindow,
        systemPrompt,
        parameters,
        Optional.empty(),
        Optional.empty(),
        language,
        available);
  }

  /// The same, but asked or not asked when a message names no model.
  public Model asDefault(boolean changed) {
    return new Model(
        id,
        name,
        provider,
        changed,
        contextWindow,
        systemPrompt,
        parameters,
        price,
        fallback,
        language,
        available);
  }

  /// The same with a price, and a model that answers in its place.
  public Model with(Optional<Price> newPrice, Optional<ModelId> newFallback) {
    return new Model(
        id,
        name,
        provider,
        isDefault,
        contextWindow,
        systemPrompt,
        parameters,
        newPrice,
        newFallback,
        language,
        available);
  }

  /// The name of a model for which none is configured: what follows the last `/` of its id.
  public static String nameOf(ModelId id) {
    var value = id.value();
    var name = value.substring(value.lastIndexOf('/') + 1);
    return name.isEmpty() ? value : name;
  }
}
