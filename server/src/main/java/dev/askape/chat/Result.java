package dev.askape.chat;

import java.util.function.Function;

/// What was asked for, or why it was refused.
public sealed interface Result<T> {
  record Ok<T>(T value) implements Result<T> {}

  record Refused<T>(Refusal why) implements Result<T> {}

  default <R> Result<R> map(Function<T, R> change) {
    return switch (this) {
      case Ok<T>(var value) -> new Ok<>(change.apply(value));
      case Refused<T>(var why) -> new Refused<>(why);
    };
  }
}
