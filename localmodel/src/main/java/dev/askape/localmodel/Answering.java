package dev.askape.localmodel;

import dev.askape.http.HttpExchange;
import dev.askape.http.HttpReply;
import dev.askape.http.HttpStream;
import dev.askape.localmodel.ChatRequest.Refused;
import dev.askape.localmodel.TextModel.Message;
import dev.askape.localmodel.TextModel.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One answer, from its place in the queue to its last byte. Runs on one worker; it may be
/// cancelled by any thread.
final class Answering implements Runnable {
  /// Unless it is told otherwise, an answer may take this part of the context.
  private static final int USUAL_PART = 4;

  private static final int LEAST_ANSWER = 16;

  private final TextModel model;
  private final Generations generations;
  private final ChatRequest request;
  private final HttpExchange exchange;
  private final Completion completion;
  private final StringBuilder said = new StringBuilder();
  private int pieces;
  private @Nullable HttpStream out;
  private volatile boolean cancelled;

  Answering(TextModel model, Generations generations, ChatRequest request, HttpExchange exchange) {
    this.model = model;
    this.generations = generations;
    this.request = request;
    this.exchange = exchange;
    this.completion =
        new Completion(
            "chatcmpl-" + UUID.randomUUID(),
            request.model().id(),
            System.currentTimeMillis() / 1_000);
  }

  /// The client has gone.
  void cancel() {
    cancelled = true;
  }

  // an answer that fails must not take its worker with it
  @Override
  @SuppressWarnings("IllegalCatch")
  public void run() {
    if (cancelled) {
      return;
    }
    try {
      answer();
    } catch (Refused e) {
      fail(e.status, e.code, e.text());
    } catch (RuntimeException e) {
      fail(500, "server_error", "The library refused: " + e);
    }
  }

  private void answer() throws Refused {
    var prompt = fitting();
    int promptTokens = model.countTokens(prompt);
    int room = model.context() - promptTokens;
    int most = Math.min(room, request.maxTokens().orElse(model.context() / USUAL_PART));
    var sampling =
        new Sampling(
            (float) request.temperature().orElse(request.model().temperature()),
            ServedModel.REPEAT_PENALTY,
            most,
            request.stop());
    if (request.stream()) {
      out =
          exchange.stream(
              200, Map.of("Content-Type", "text/event-stream", "Cache-Control", "no-store"));
    }
    model.generate(prompt, sampling, this::say);
    if (!cancelled) {
      // characters of several tokens come as one piece
      int tokens = Math.max(pieces, Math.min(most, model.countTokens(said.toString())));
      end(tokens >= most ? "length" : "stop", new Completion.Usage(promptTokens, tokens));
    }
  }

  /// The conversation without as many of its oldest messages as do not fit. The first, if it is the
  /// system's, and the last always stay.
  private String fitting() throws Refused {
    var messages = new ArrayList<>(request.messages());
    int first = messages.getFirst().role().equals("system") ? 1 : 0;
    int least = Math.min(LEAST_ANSWER, request.maxTokens().orElse(LEAST_ANSWER));
    while (true) {
      var prompt = model.prompt(List.copyOf(messages));
      if (model.countTokens(prompt) + least <= model.context()) {
        return prompt;
      }
      if (messages.size() <= first + 1) {
        throw new Refused(
            400,
            "context_length_exceeded",
            "The context length of this model is " + model.context() + " tokens.");
      }
      dropOldest(messages, first);
    }
  }

  private static void dropOldest(List<Message> messages, int first) {
    messages.remove(first);
    if (messages.size() > first + 1 && messages.get(first).role().equals("assistant")) {
      messages.remove(first); // an answer without its question
    }
  }

  private boolean say(String piece) {
    generations.signOfLife();
    if (!piece.isEmpty() && !cancelled) {
      pieces++;
      said.append(piece);
      if (out != null) {
        out.write(completion.chunk(piece));
      }
    }
    return !cancelled;
  }

  private void end(String finishReason, Completion.Usage usage) {
    if (out == null) {
      exchange.reply(HttpReply.json(200, completion.whole(said.toString(), finishReason, usage)));
      return;
    }
    out.write(completion.last(finishReason));
    if (request.usage()) {
      out.write(completion.usage(usage));
    }
    out.write(Completion.done());
    out.end();
  }

  private void fail(int status, String code, String message) {
    if (out == null) {
      exchange.reply(HttpReply.json(status, Completion.error(code, message)));
    } else {
      out.write(Completion.errorEvent(code, message));
      out.end();
    }
  }
}
