package dev.askape.localmodel;

import java.util.List;
import java.util.function.Predicate;

/// A loaded language model. Safe for any thread; every call may block its thread for long.
interface TextModel {
  /// Tokens that a prompt and its answer may have together.
  int context();

  /// A conversation in the form in which the model was trained to see one.
  String prompt(List<Message> messages);

  int countTokens(String text);

  /// Says what follows the prompt, until the model has finished or `sink` wants no more.
  ///
  /// @param sink gets each piece, never a part of a character; false when no more is wanted
  /// @throws RuntimeException when the library refuses
  void generate(String prompt, Sampling sampling, Predicate<String> sink);

  /// One message.
  ///
  /// @param role `system`, `user` or `assistant`
  record Message(String role, String content) {}

  /// How the next token is chosen, and when to stop.
  ///
  /// @param maxTokens of the answer
  /// @param stop texts at which the answer ends, beside the model's own end of turn
  record Sampling(float temperature, float repeatPenalty, int maxTokens, List<String> stop) {
    public Sampling {
      stop = List.copyOf(stop);
    }
  }
}
