package dev.askape.chat;

import dev.askape.chat.Prompt.Message;
import dev.askape.chat.Prompt.Role;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What a model is told: the user's messages with the model's own earlier answers, the newest that
/// fit its context window. Where it has none in a turn, it is told the first completed answer of
/// another model. Safe for any thread.
final class ContextWindow {
  /// What a chat template adds to each message, in tokens; an estimate that is on the safe side.
  private static final int TOKENS_PER_MESSAGE = 6;

  /// More characters than a token of any text that people write has on average.
  private static final int LONGEST_TOKEN = 32;

  private final TokenCounter tokens;
  private final int defaultWindow;

  ContextWindow(TokenCounter tokens, int defaultWindow) {
    this.tokens = tokens;
    this.defaultWindow = defaultWindow;
  }

  /// A prompt and how many tokens it has, as near as is known.
  record Framed(Prompt prompt, long tokens) {
    /// With what a chat template adds to each message.
    long tokensAtMost() {
      return tokens + (long) prompt.messages().size() * TOKENS_PER_MESSAGE;
    }

    /// The same, for an answer of at most so many tokens.
    Framed withMaxTokens(int most) {
      return new Framed(
          new Prompt(prompt.messages(), prompt.parameters().withMaxTokens(most)), tokens);
    }
  }

  /// How many tokens of prompt and answer together a model takes.
  int windowOf(Model model) {
    return model.contextWindow().orElse(defaultWindow);
  }

  /// @param earlier the turns before this one, oldest first
  Framed prompt(Model model, List<TurnRecord> earlier, String content) {
    int room = roomFor(model);
    var messages = new ArrayDeque<Message>();
    messages.add(new Message(Role.USER, content));
    room -= cost(content) + model.systemPrompt().map(this::cost).orElse(0);
    for (var turn : earlier.reversed()) {
      var told = answerFor(model.id(), turn);
      var answer = told.map(AnswerRecord::content);
      long chars = (long) turn.content().length() + answer.map(String::length).orElse(0);
      if (chars > (long) room * LONGEST_TOKEN) {
        break; // without counting, which takes its time for a long text
      }
      long cost =
          cost(turn.content(), turn.tokens())
              + told.map(a -> cost(a.content(), spoken(a.usage()))).orElse(0L);
      if (cost > room) {
        break; // a turn is kept whole or not at all: no assistant message stands alone at the start
      }
      room -= (int) cost;
      answer.ifPresent(text -> messages.addFirst(new Message(Role.ASSISTANT, text)));
      messages.addFirst(new Message(Role.USER, turn.content()));
    }
    var prompt = new Prompt(withSystemPrompt(model, messages), model.parameters());
    long overhead = (long) prompt.messages().size() * TOKENS_PER_MESSAGE;
    return new Framed(prompt, roomFor(model) - room - overhead);
  }

  private static List<Message> withSystemPrompt(Model model, Deque<Message> messages) {
    var all = new ArrayList<Message>(messages.size() + 1);
    model.systemPrompt().ifPresent(text -> all.add(new Message(Role.SYSTEM, text)));
    all.addAll(messages);
    return all;
  }

  /// The window less what the answer needs: what was asked for, else a quarter.
  private int roomFor(Model model) {
    int window = windowOf(model);
    int answer = Math.min(model.parameters().maxTokens().orElse(window / 4), window / 2);
    return window - answer;
  }

  private int cost(String text) {
    return tokens.count(text) + TOKENS_PER_MESSAGE;
  }

  /// With the number of tokens that was counted before, by whomever, if it can be true of the text.
  private long cost(String text, long counted) {
    boolean plausible =
        counted > 0 && counted <= text.length() && counted * LONGEST_TOKEN >= text.length();
    return plausible ? counted + TOKENS_PER_MESSAGE : cost(text);
  }

  private static long spoken(Usage usage) {
    return usage.completionTokens() - usage.reasoningTokens().orElse(0);
  }

  private static Optional<AnswerRecord> answerFor(ModelId model, TurnRecord turn) {
    Predicate<AnswerRecord> says = a -> a.state().isTerminal() && !a.content().isEmpty();
    var own = turn.answers().stream().filter(says).filter(a -> a.modelId().equals(model));
    var completed =
        turn.answers().stream().filter(says).filter(a -> a.state() == AnswerState.COMPLETED);
    return own.findFirst().or(completed::findFirst);
  }
}
