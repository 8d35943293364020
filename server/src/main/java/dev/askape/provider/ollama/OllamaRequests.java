package dev.askape.provider.ollama;

import dev.askape.provider.http.RequestForm;
import java.util.OptionalInt;
import java.util.function.Supplier;

/// Makes the requests for one model, and remembers how it wants to be told to think. Safe for any
/// thread.
final class OllamaRequests implements Supplier<RequestForm> {
  private final String model;
  private final OptionalInt contextWindow;
  private volatile OllamaForm.Think think = OllamaForm.Think.LEVEL;

  OllamaRequests(String model, OptionalInt contextWindow) {
    this.model = model;
    this.contextWindow = contextWindow;
  }

  @Override
  public RequestForm get() {
    return new OllamaForm(this, think);
  }

  String model() {
    return model;
  }

  OptionalInt contextWindow() {
    return contextWindow;
  }

  void learn(OllamaForm.Think wanted) {
    think = wanted;
  }
}
