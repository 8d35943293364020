package dev.askape.bench.reader;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Prompt;
import dev.askape.provider.openai.OpenAiProvider;
import dev.askape.provider.openai.OpenAiSettings;
import io.netty.channel.EventLoop;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// Streams that are read by AskApe's own reader, each by a virtual thread that waits for its end.
final class Asking {
  /// The kinds of providers there are.
  static final List<String> KINDS = List.of("openai");

  private Asking() {}

  static void start(
      String kind, List<EventLoop> loops, int port, String model, int streams, Counted counted) {
    if (!KINDS.contains(kind)) {
      throw new IllegalArgumentException("no reader " + kind);
    }
    var settings =
        OpenAiSettings.of(kind, URI.create("http://127.0.0.1:" + port + "/v1"), Optional.empty());
    var asked = new OpenAiProvider(settings, loops).model(model);
    var prompt =
        new Prompt(List.of(new Prompt.Message(Prompt.Role.USER, "?")), ModelParameters.DEFAULTS);
    for (int i = 0; i < streams; i++) {
      Thread.startVirtualThread(() -> {
        try {
          var outcome = asked.answer(prompt, new Sink(counted));
          System.err.println("ended early: " + outcome);
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
        }
      });
    }
  }

  private record Sink(Counted counted) implements AnswerSink {
    @Override
    public boolean text(String fragment) {
      counted.accept(Long.parseLong(fragment, 0, fragment.length() - 1, 10));
      return true;
    }

    @Override
    public boolean thinking(String fragment) {
      return true;
    }
  }
}
