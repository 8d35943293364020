package dev.askape.provider.openai;

import dev.askape.provider.http.RequestForm;
import java.util.function.Supplier;

/// Makes the requests for one model, and remembers what it refused. Safe for any thread.
final class OpenAiRequests implements Supplier<RequestForm> {
  private final OpenAiDialect endpoint;
  private final String model;
  private volatile boolean maxCompletionTokens;

  OpenAiRequests(OpenAiDialect endpoint, String model) {
    this.endpoint = endpoint;
    this.model = model;
  }

  @Override
  public RequestForm get() {
    return new OpenAiForm(this, endpoint.streamOptions(), maxCompletionTokens);
  }

  String model() {
    return model;
  }

  void withoutStreamOptions() {
    endpoint.withoutStreamOptions();
  }

  void withMaxCompletionTokens() {
    maxCompletionTokens = true;
  }
}
