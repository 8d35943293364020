package dev.askape.provider.http;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.ErrorType;
import dev.askape.chat.FinishReason;
import dev.askape.chat.Outcome;
import dev.askape.provider.Attempt;
import dev.askape.provider.Attempt.Trouble;
import dev.askape.provider.http.HttpProvider.CallTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClientResponse;

/// One streaming request. Confined to its event loop but for [#start], [#await] and [#cancel],
/// which are for the thread that asks.
///
/// It ends exactly once ([#end]); from then on the sink hears nothing. A stream that ended well is
/// read on to its last byte, so that its connection can be used again; every other one is broken
/// off, which closes an HTTP/1.1 connection and resets an HTTP/2 stream.
final class StreamingCall implements CoreSubscriber<ByteBuf>, StreamReader.Values {
  private static final long DRAIN_MILLIS = 1_000;
  private static final long CANCEL_SECONDS = 10;

  private final LoopClient client;
  private final EventLoop loop;
  private final EndpointSettings settings;
  private final Dialect dialect;
  private final AnswerSink sink;
  private final CallTimer timer;
  private final StreamReader reader;
  private final Chunk chunk = new Chunk();
  private final CountDownLatch ended = new CountDownLatch(1);

  private @Nullable Subscription subscription;
  private @Nullable HttpClientResponse response;
  private @Nullable ByteArrayOutputStream wholeBody;
  private long bytesRead;
  private @Nullable FinishReason finish;
  private volatile @Nullable CallEnd result;

  StreamingCall(LoopClient client, Endpoint endpoint, CallTime time, AnswerSink sink) {
    this.client = client;
    this.loop = client.loop();
    this.settings = endpoint.settings();
    this.dialect = endpoint.dialect();
    this.sink = sink;
    this.timer =
        new CallTimer(loop, time.timeouts(), time.deadline(), this::outOfTime, System::nanoTime);
    this.reader = dialect.framing().reader(settings.limits().lineBytes(), this);
  }

  /// Sends the request. Never blocks.
  void start(String path, byte[] body) {
    try {
      loop.execute(() -> send(path, body));
    } catch (RejectedExecutionException _) {
      end(failed(ErrorType.UNAVAILABLE, Trouble.NONE, "the server is shutting down"));
    }
  }

  /// Waits for the end.
  ///
  /// @throws InterruptedException after the call was broken off
  CallEnd await() throws InterruptedException {
    try {
      ended.await();
    } catch (InterruptedException e) {
      cancel();
      throw e;
    }
    var end = result;
    if (end == null) {
      throw new IllegalStateException("ended without a result");
    }
    return end;
  }

  /// Breaks it off and waits until the sink is let go.
  private void cancel() {
    try {
      loop.execute(() -> end(new CallEnd.Cancelled()));
      ended.await(CANCEL_SECONDS, TimeUnit.SECONDS);
    } catch (RejectedExecutionException _) {
      end(new CallEnd.Cancelled());
    } catch (InterruptedException _) {
      // the caller is being told already
    }
  }

  private void send(String path, byte[] body) {
    if (isOver()) {
      return;
    }
    timer.enter(CallTimer.Stage.CONNECTION);
    client
        .http()
        .post()
        .uri(path)
        .send((_, outbound) -> {
          outbound.withConnection(connection -> client.learnFrom(connection.channel()));
          onLoop(() -> enter(CallTimer.Stage.HEADERS));
          return outbound.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)));
        })
        .response((head, bytes) -> {
          head(head);
          return bytes;
        })
        .subscribe(this);
  }

  private void enter(CallTimer.Stage stage) {
    if (!isOver()) {
      timer.enter(stage);
    }
  }

  private void head(HttpClientResponse head) {
    response = head;
    if (head.status().code() != 200) {
      wholeBody = new ByteArrayOutputStream();
    } else {
      enter(CallTimer.Stage.FIRST_TOKEN);
    }
  }

  @Override
  public void onSubscribe(Subscription started) {
    subscription = started;
    if (isOver()) {
      started.cancel();
    } else {
      started.request(Long.MAX_VALUE);
    }
  }

  @Override
  public void onNext(ByteBuf bytes) {
    if (isOver()) {
      return;
    }
    bytesRead += bytes.readableBytes();
    if (wholeBody != null) {
      refusalBytes(wholeBody, bytes);
    } else if (bytesRead > settings.limits().streamBytes()) {
      end(broken(ErrorType.TOO_LARGE, "the stream is over " + bytesRead + " bytes"));
    } else {
      reader.feed(bytes);
    }
  }

  private void refusalBytes(ByteArrayOutputStream body, ByteBuf bytes) {
    int room = settings.limits().errorBodyBytes() - body.size();
    int length = Math.min(room, bytes.readableBytes());
    var array = new byte[length];
    bytes.readBytes(array);
    body.writeBytes(array);
    if (body.size() >= settings.limits().errorBodyBytes()) {
      end(refused(body));
    }
  }

  @Override
  public void onError(Throwable problem) {
    onLoop(() -> broken(problem));
  }

  private void broken(Throwable problem) {
    if (wholeBody != null) {
      end(refused(wholeBody));
    } else if (response == null) {
      end(new CallEnd.Ended(ConnectionFailure.of(problem)));
    } else {
      endOfStream("truncated: the connection broke: " + ConnectionFailure.describe(problem), false);
    }
  }

  @Override
  public void onComplete() {
    onLoop(() -> complete());
  }

  private void complete() {
    if (wholeBody != null) {
      end(refused(wholeBody));
    } else {
      endOfStream("truncated: the stream ended before the answer did", true);
    }
  }

  /// No more bytes come: good if the model had finished.
  private void endOfStream(String otherwise, boolean whole) {
    if (isOver()) {
      return;
    }
    if (whole) { // else the last line may be half a line
      reader.end();
    }
    if (isOver()) {
      return;
    }
    if (finish != null) {
      end(finished(finish));
    } else {
      end(broken(ErrorType.UNAVAILABLE, otherwise + contentType()));
    }
  }

  /// A web page in place of a stream means a wrong base URL, or a portal in between.
  private String contentType() {
    var type = response == null ? null : response.responseHeaders().get("content-type");
    boolean usual =
        type == null || type.startsWith("text/event-stream") || type.startsWith("application/");
    return usual ? "" : " (it came as " + type + ")";
  }

  private void outOfTime(String cause) {
    if (finish != null) {
      end(finished(finish));
    } else {
      var trouble = timer.isConnecting() ? Trouble.PASSING : Trouble.BROKEN;
      end(failed(ErrorType.TIMEOUT, trouble, "timeout: " + cause));
    }
  }

  @Override
  public void value(byte[] bytes, int start, int length) {
    if (isOver()) {
      return;
    }
    if (!dialect.read(bytes, start, length, chunk)) {
      end(broken(ErrorType.UNAVAILABLE, "a chunk of " + length + " bytes is not JSON"));
    } else if (say(chunk.thinking(), true) && say(chunk.text(), false)) {
      afterWords();
    } else {
      end(finished(FinishReason.STOPPED));
    }
  }

  private boolean say(String words, boolean thinking) {
    if (words.isEmpty()) {
      return true;
    }
    timer.token();
    return thinking ? sink.thinking(words) : sink.text(words);
  }

  private void afterWords() {
    var error = chunk.error();
    var word = chunk.finishReason();
    if (error != null) {
      end(failed(error));
    } else if (word != null) {
      var reason = dialect.finish(word);
      if (reason.isEmpty()) {
        end(failed(ErrorType.UNAVAILABLE, Trouble.PASSING, "it ended with " + word));
        return;
      }
      finish = reason.get();
      timer.enter(CallTimer.Stage.END);
    }
    if (chunk.isLast()) {
      done();
    }
  }

  @Override
  public void done() {
    if (!isOver()) {
      end(finished(finish == null ? FinishReason.STOP : finish));
    }
  }

  @Override
  public void tooLong() {
    end(
        broken(
            ErrorType.UNAVAILABLE, "a line is over " + settings.limits().lineBytes() + " bytes"));
  }

  private boolean isOver() {
    return result != null;
  }

  private void end(CallEnd end) {
    if (isOver()) {
      return;
    }
    result = end;
    timer.stop();
    boolean well =
        end instanceof CallEnd.Ended(Attempt(Outcome.Finished(var reason, _), _, _))
            && reason != FinishReason.STOPPED;
    var running = subscription;
    if (running != null) {
      if (well) {
        var _ = loop.schedule(running::cancel, DRAIN_MILLIS, TimeUnit.MILLISECONDS);
      } else {
        running.cancel();
      }
    }
    ended.countDown();
  }

  private CallEnd finished(FinishReason reason) {
    return new CallEnd.Ended(
        Attempt.answered(new Outcome.Finished(reason, chunk.tokens().usage())));
  }

  private CallEnd broken(ErrorType type, String cause) {
    return failed(type, Trouble.BROKEN, cause);
  }

  private CallEnd failed(ErrorType type, Trouble trouble, String cause) {
    return new CallEnd.Ended(
        Attempt.failed(new Outcome.Failed(type, cause, chunk.tokens().usage()), trouble));
  }

  private CallEnd failed(ApiError error) {
    var type = ErrorTypes.inStream(error);
    var cause = "in the stream: " + error.text();
    return new CallEnd.Ended(
        new Attempt(
            new Outcome.Failed(type, cause, chunk.tokens().usage()),
            Troubles.inStream(error, type),
            error.retryAfter()));
  }

  private CallEnd refused(ByteArrayOutputStream body) {
    var head = response;
    if (head == null) {
      return broken(ErrorType.UNAVAILABLE, "no response");
    }
    return new CallEnd.Refused(
        Refusal.of(
            head.status().code(), head.responseHeaders(), body.toString(StandardCharsets.UTF_8)));
  }

  private void onLoop(Runnable step) {
    if (loop.inEventLoop()) {
      step.run();
    } else {
      loop.execute(step);
    }
  }
}
