package dev.askape.provider.openai;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.ErrorType;
import dev.askape.chat.LanguageModel;
import dev.askape.chat.Outcome;
import dev.askape.provider.ProviderException;
import dev.askape.provider.Redactor;
import dev.askape.provider.Secret;
import io.netty.channel.EventLoop;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import reactor.netty.http.client.HttpClient;

/// One OpenAI-compatible endpoint: its connections, its models, and how many calls may run. Safe
/// for any thread.
public final class OpenAiProvider implements AutoCloseable {
  private final OpenAiSettings settings;
  private final List<LoopClient> clients;
  private final DnsAddressResolverGroup names;
  private final Redactor redactor;
  private final Semaphore calls;
  private final AtomicInteger next = new AtomicInteger();
  private volatile boolean streamOptions = true;
  private volatile boolean closed;

  /// @param loops the event loops that read the answers, shared with the rest of the server and not
  ///   closed by this
  public OpenAiProvider(OpenAiSettings settings, List<EventLoop> loops) {
    this(settings, loops, UnaryOperator.identity());
  }

  /// @param http changes each HTTP client, such as whom it trusts
  OpenAiProvider(OpenAiSettings settings, List<EventLoop> loops, UnaryOperator<HttpClient> http) {
    this.settings = settings;
    this.names = LoopClient.names(loops, settings.timeouts().connect());
    this.clients = loops.stream().map(loop -> new LoopClient(loop, settings, names, http)).toList();
    var secrets = new ArrayList<Secret>();
    settings.apiKey().ifPresent(secrets::add);
    settings.headers().values().forEach(value -> secrets.add(new Secret(value)));
    this.redactor = new Redactor(secrets);
    this.calls = new Semaphore(settings.maxConcurrentCalls(), true);
  }

  /// The model that the endpoint knows by this id; nobody asks it whether it does.
  public LanguageModel model(String upstreamModelId) {
    return new OpenAiModel(this, upstreamModelId);
  }

  /// Asks the endpoint for its models; blocks.
  ///
  /// @throws ProviderException when it does not answer in time, refuses, or answers something else
  public List<ListedModel> listModels(Duration timeout) throws InterruptedException {
    return new ModelListCall(settings, redactor).ask(nextClient().http(), timeout);
  }

  public OpenAiSettings settings() {
    return settings;
  }

  /// Closes the idle connections. Calls that run are not ended: who made them does that.
  @Override
  public void close() {
    closed = true;
    clients.forEach(LoopClient::close);
    names.close();
  }

  /// Waits, not long, until one more call may run.
  ///
  /// @return why it may not; empty when it may, and then [#leave] is owed
  Optional<Outcome> enter() throws InterruptedException {
    if (closed) {
      return Optional.of(new Outcome.Failed(ErrorType.UNAVAILABLE, "the provider is closed"));
    }
    var limits = settings.limits();
    if (calls.tryAcquire()) {
      return Optional.empty();
    }
    if (calls.getQueueLength() < limits.waitingCalls()
        && calls.tryAcquire(limits.maxWait().toNanos(), TimeUnit.NANOSECONDS)) {
      return Optional.empty();
    }
    var cause = "provider " + settings.name() + " has " + settings.maxConcurrentCalls() + " calls";
    return Optional.of(new Outcome.Failed(ErrorType.BUSY, cause));
  }

  void leave() {
    calls.release();
  }

  /// Sends one request, on the next event loop in turn.
  StreamingCall call(byte[] body, long totalDeadline, AnswerSink sink) {
    var client = nextClient();
    var call = new StreamingCall(client, settings, totalDeadline, sink);
    call.start(body);
    return call;
  }

  Outcome redacted(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Finished finished -> finished;
      case Outcome.Failed(var type, var cause, var usage) ->
          new Outcome.Failed(type, redactor.redact(settings.name() + ": " + cause), usage);
    };
  }

  boolean streamOptions() {
    return streamOptions;
  }

  void withoutStreamOptions() {
    streamOptions = false;
  }

  private LoopClient nextClient() {
    return clients.get(Math.floorMod(next.getAndIncrement(), clients.size()));
  }
}
