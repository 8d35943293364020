package dev.askape.standin;

import com.fasterxml.jackson.databind.JsonNode;

/// A request for an answer, in whatever dialect it came.
///
/// @param body all of it
/// @param messages the part that is the conversation
/// @param streamed whether the answer is wanted bit by bit
/// @param usage whether it is wanted to report usage
record Ask(String model, JsonNode body, JsonNode messages, boolean streamed, boolean usage) {}
