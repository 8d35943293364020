package dev.askape.provider.http;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.ErrorType;
import dev.askape.chat.Outcome;
import dev.askape.chat.Prompt;
import dev.askape.provider.Attempt;
import dev.askape.provider.Attempt.Trouble;
import dev.askape.provider.Timeouts;
import dev.askape.provider.Upstream;
import java.util.function.Supplier;

/// One model of an endpoint. Safe for any thread.
final class HttpUpstream implements Upstream {
  private final HttpProvider provider;
  private final Supplier<RequestForm> requests;
  private final Timeouts timeouts;

  HttpUpstream(HttpProvider provider, Supplier<RequestForm> requests, Timeouts timeouts) {
    this.provider = provider;
    this.requests = requests;
    this.timeouts = timeouts;
  }

  @Override
  public Attempt ask(Prompt prompt, AnswerSink sink, long deadline) throws InterruptedException {
    if (provider.isClosed()) {
      var failed = new Outcome.Failed(ErrorType.UNAVAILABLE, "the provider is closed");
      return Attempt.failed(failed, Trouble.NONE);
    }
    long ownDeadline = System.nanoTime() + timeouts.total().toNanos();
    var time =
        new HttpProvider.CallTime(timeouts, ownDeadline - deadline < 0 ? ownDeadline : deadline);
    var form = requests.get();
    while (true) {
      if (Thread.interrupted()) { // stopped before it was asked: nothing is sent then
        throw new InterruptedException("cancelled");
      }
      switch (provider.call(form, form.body(prompt), time, sink).await()) {
        case CallEnd.Ended(var attempt) -> {
          return provider.redacted(attempt);
        }
        case CallEnd.Refused(var refusal) -> {
          var next = form.after(refusal);
          if (next.isEmpty()) {
            return provider.redacted(refusal.attempt());
          }
          form = next.get();
        }
        case CallEnd.Cancelled _ -> throw new InterruptedException("cancelled");
      }
    }
  }
}
