package dev.askape.storage.sqlite;

import dev.askape.chat.AnswerPart;
import dev.askape.chat.MessageId;
import java.util.List;

/// A turn that runs, with what its running answers have said, part by part as it came.
public record RunningTurn(MessageId turn, long epoch, List<AnswerPart> parts) {
  public RunningTurn {
    parts = List.copyOf(parts);
  }
}
