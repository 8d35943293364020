package dev.askape.provider.openai;

import java.util.OptionalInt;

/// A model that an endpoint says it has.
///
/// @param id 1–256 printable characters
/// @param contextWindow in tokens; absent when the endpoint does not say
public record ListedModel(String id, OptionalInt contextWindow) {}
