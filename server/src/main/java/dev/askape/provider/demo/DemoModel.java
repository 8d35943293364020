package dev.askape.provider.demo;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.FinishReason;
import dev.askape.chat.LanguageModel;
import dev.askape.chat.Outcome;
import dev.askape.chat.Prompt;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// Says a fixed text after the first words of the message, word by word at a pace. Immutable, safe
/// for any thread.
final class DemoModel implements LanguageModel {
  private static final Pattern WORD = Pattern.compile("\\s*\\S+\\s*");
  private static final int QUOTED_CHARACTERS = 60;

  private final String text;
  private final Duration pace;

  /// @param pace from one word to the next
  DemoModel(String text, Duration pace) {
    this.text = text;
    this.pace = pace;
  }

  @Override
  public Outcome answer(Prompt prompt, AnswerSink sink) throws InterruptedException {
    var words = WORD.matcher(opening(prompt) + text.strip());
    long due = System.nanoTime();
    while (words.find()) {
      due += pace.toNanos();
      Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
      if (!sink.text(words.group())) {
        return new Outcome.Finished(FinishReason.STOPPED, Optional.empty());
      }
    }
    return new Outcome.Finished(FinishReason.STOP, Optional.empty());
  }

  private static String opening(Prompt prompt) {
    var asked = prompt.messages().isEmpty() ? "" : prompt.messages().getLast().content().strip();
    var line = asked.lines().findFirst().orElse("");
    var quoted = line;
    if (line.codePointCount(0, line.length()) > QUOTED_CHARACTERS) {
      quoted = line.substring(0, line.offsetByCodePoints(0, QUOTED_CHARACTERS)).strip() + "…";
    } else if (line.length() < asked.length()) {
      quoted = line + " …";
    }
    return quoted.isEmpty() ? "" : "You wrote: “" + quoted + "”\n\n";
  }
}
