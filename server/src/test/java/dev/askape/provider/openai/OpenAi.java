package dev.askape.provider.openai;

import dev.askape.provider.http.EndpointSettings;
import dev.askape.provider.http.HttpProvider;
import io.netty.channel.EventLoop;
import java.util.List;

/// Makes the providers of these tests.
final class OpenAi {
  private OpenAi() {}

  static HttpProvider provider(EndpointSettings settings, List<EventLoop> loops) {
    return new HttpProvider(settings, new OpenAiDialect(), loops);
  }
}
