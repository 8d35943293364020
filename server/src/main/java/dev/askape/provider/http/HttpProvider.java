package dev.askape.provider.http;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.Outcome;
import dev.askape.provider.Attempt;
import dev.askape.provider.CallOptions;
import dev.askape.provider.ListedModel;
import dev.askape.provider.Provider;
import dev.askape.provider.Redactor;
import dev.askape.provider.Timeouts;
import dev.askape.provider.Upstream;
import io.netty.channel.EventLoop;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// One endpoint: its connections and its models. Safe for any thread.
public final class HttpProvider implements Provider {
  private final Endpoint endpoint;
  private final List<LoopClient> clients;
  private final DnsAddressResolverGroup names;
  private final Redactor redactor;
  private final AtomicInteger next = new AtomicInteger();
  private volatile boolean closed;

  /// @param loops the event loops that read the answers, shared with the rest of the server and not
  ///   closed by this
  public HttpProvider(EndpointSettings settings, Dialect dialect, List<EventLoop> loops) {
    this.endpoint = Endpoint.of(settings, dialect);
    this.names = LoopClient.names(loops, settings.timeouts().connect());
    this.clients = loops.stream().map(loop -> new LoopClient(loop, endpoint, names)).toList();
    this.redactor = new Redactor(settings.secrets());
  }

  @Override
  public String name() {
    return settings().name();
  }

  @Override
  public Upstream upstream(String id, CallOptions options) {
    return new HttpUpstream(
        this,
        endpoint.dialect().requests(id, options),
        options.timeouts().orElse(settings().timeouts()));
  }

  @Override
  public List<ListedModel> listModels(Duration timeout) throws InterruptedException {
    endpoint.lookUpProxy();
    return new ModelListCall(endpoint, redactor).ask(nextClient().http(), timeout);
  }

  EndpointSettings settings() {
    return endpoint.settings();
  }

  @Override
  public void close() {
    closed = true;
    clients.forEach(LoopClient::close);
    names.close();
  }

  boolean isClosed() {
    return closed;
  }

  /// Sends one request, on the next event loop in turn.
  StreamingCall call(RequestForm form, byte[] body, CallTime time, AnswerSink sink) {
    endpoint.lookUpProxy();
    var call = new StreamingCall(nextClient(), endpoint, time, sink);
    call.start(form.path(), body);
    return call;
  }

  Attempt redacted(Attempt attempt) {
    return switch (attempt.outcome()) {
      case Outcome.Finished _ -> attempt;
      case Outcome.Failed(var type, var cause, var usage) ->
          new Attempt(
              new Outcome.Failed(type, redactor.redact(name() + ": " + cause), usage),
              attempt.trouble(),
              attempt.retryAfter());
    };
  }

  private LoopClient nextClient() {
    return clients.get(Math.floorMod(next.getAndIncrement(), clients.size()));
  }

  /// For the log.
  @Override
  public String toString() {
    return name();
  }

  /// What a call may take.
  ///
  /// @param deadline of the clock of [System#nanoTime]
  record CallTime(Timeouts timeouts, long deadline) {}
}
