package dev.askape.provider.apis;

import dev.askape.provider.anthropic.AnthropicDialect;
import dev.askape.provider.gemini.GeminiDialect;
import dev.askape.provider.http.Dialect;
import dev.askape.provider.http.EndpointSettings;
import dev.askape.provider.http.HttpProvider;
import dev.askape.provider.ollama.OllamaDialect;
import dev.askape.provider.openai.OpenAiDialect;
import io.netty.channel.EventLoop;
import java.util.List;

/// The kinds of API there are.
public enum Api {
  OPENAI,
  ANTHROPIC,
  GEMINI,
  OLLAMA;

  /// Makes a provider.
  ///
  /// @param loops the event loops that read the answers; not closed by it
  public HttpProvider open(EndpointSettings settings, List<EventLoop> loops) {
    return new HttpProvider(settings, dialect(), loops);
  }

  private Dialect dialect() {
    return switch (this) {
      case OPENAI -> new OpenAiDialect();
      case ANTHROPIC -> new AnthropicDialect();
      case GEMINI -> new GeminiDialect();
      case OLLAMA -> new OllamaDialect();
    };
  }
}
