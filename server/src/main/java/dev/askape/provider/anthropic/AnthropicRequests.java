package dev.askape.provider.anthropic;

import dev.askape.provider.http.RequestForm;
import java.util.function.Supplier;

/// Makes the requests for one model, and remembers how it wants to be told to think. Safe for any
/// thread.
final class AnthropicRequests implements Supplier<RequestForm> {
  private final String model;
  private volatile boolean adaptive;

  AnthropicRequests(String model) {
    this.model = model;
  }

  @Override
  public RequestForm get() {
    return new AnthropicForm(this, adaptive);
  }

  String model() {
    return model;
  }

  void withAdaptiveThinking() {
    adaptive = true;
  }
}
