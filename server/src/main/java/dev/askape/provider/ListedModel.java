package dev.askape.provider;

import dev.askape.chat.Price;
import java.util.Optional;
import java.util.OptionalInt;

/// A model that a provider says it has.
///
/// @param id 1–256 printable characters
/// @param name for people, if the provider has one that differs from the id
/// @param contextWindow in tokens; absent when the provider does not say
/// @param price absent when the provider does not say, or it depends on more than tokens
public record ListedModel(
    String id, Optional<String> name, OptionalInt contextWindow, Optional<Price> price) {
  /// Without a price.
  public ListedModel(String id, Optional<String> name, OptionalInt contextWindow) {
    this(id, name, contextWindow, Optional.empty());
  }

  /// Of which nothing is known but its id.
  public static ListedModel of(String id) {
    return new ListedModel(id, Optional.empty(), OptionalInt.empty());
  }
}
