package dev.askape.bench.reader;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Prompt;
import dev.askape.provider.CallOptions;
import dev.askape.provider.Timeouts;
import dev.askape.provider.apis.Api;
import dev.askape.provider.http.EndpointSettings;
import io.netty.channel.EventLoop;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Streams that are read by AskApe's own reader, each by a virtual thread that waits for its end.
final class Asking {
  private static final Timeouts PATIENT =
      new Timeouts(
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofHours(1));

  /// The kinds of providers there are.
  static final List<String> KINDS =
      Stream.of(Api.values()).map(api -> api.name().toLowerCase(Locale.ROOT)).toList();

  private Asking() {}

  static void start(
      String kind, List<EventLoop> loops, int port, String model, int streams, Counted counted) {
    var api = Api.valueOf(kind.toUpperCase(Locale.ROOT));
    var base = URI.create("http://127.0.0.1:" + port + (api == Api.OPENAI ? "/v1" : ""));
    var asked =
        api.open(EndpointSettings.of(kind, base, Optional.empty()), loops)
            .upstream(model, CallOptions.DEFAULTS.withTimeouts(PATIENT));
    var prompt =
        new Prompt(List.of(new Prompt.Message(Prompt.Role.USER, "?")), ModelParameters.DEFAULTS);
    long deadline = System.nanoTime() + PATIENT.total().toNanos();
    for (int i = 0; i < streams; i++) {
      Thread.startVirtualThread(() -> {
        try {
          System.err.println("ended early: " + asked.ask(prompt, new Sink(counted), deadline));
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
