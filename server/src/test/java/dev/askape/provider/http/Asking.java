package dev.askape.provider.http;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Outcome;
import dev.askape.chat.Prompt;
import dev.askape.provider.CallOptions;
import dev.askape.provider.Provider;
import dev.askape.provider.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A question that is being asked on a virtual thread of its own.
public record Asking(Thread thread, CompletableFuture<Outcome> outcome) {
  public static final Prompt PROMPT = prompt("hi");

  public static Asking start(Provider provider, String model, RecordingSink sink) {
    var outcome = new CompletableFuture<Outcome>();
    var thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                outcome.complete(ask(provider, model, PROMPT, sink));
              } catch (InterruptedException e) {
                outcome.completeExceptionally(e);
              }
            });
    return new Asking(thread, outcome);
  }

  /// Asks once; blocks.
  public static Outcome ask(Provider provider, String model, Prompt prompt, AnswerSink sink)
      throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    return provider.upstream(model, CallOptions.DEFAULTS).ask(prompt, sink, deadline).outcome();
  }

  public static Prompt prompt(String text) {
    return new Prompt(
        List.of(new Prompt.Message(Prompt.Role.USER, text)), ModelParameters.DEFAULTS);
  }

  public static EndpointSettings settings(URI base) {
    return EndpointSettings.of("test", base, Optional.of(new Secret("planted.key.0123456789")));
  }
}
