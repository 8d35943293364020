package dev.askape.provider.openai;

import dev.askape.chat.AnswerSink;
import dev.askape.chat.ErrorType;
import dev.askape.chat.FinishReason;
import dev.askape.chat.Outcome;
import dev.askape.chat.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
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
final class StreamingCall implements CoreSubscriber<ByteBuf>, SseReader.Events {
  private static final long DRAIN_MILLIS = 1_000;
  private static final long CANCEL_SECONDS = 10;

  private static final String PATH = "/chat/completions";

  private final LoopClient client;
  private final EventLoop loop;
  private final OpenAiSettings settings;
  private final AnswerSink sink;
  private final CallTimer timer;
  private final SseReader reader;
  private final Chunk chunk = new Chunk();
  private final CountDownLatch ended = new CountDownLatch(1);

  private @Nullable Subscription subscription;
  private @Nullable HttpClientResponse response;
  private @Nullable ByteArrayOutputStream wholeBody;
  private long bytesRead;
  private @Nullable FinishReason finish;
  private @Nullable Usage usage;
  private volatile @Nullable CallEnd result;

  StreamingCall(LoopClient client, OpenAiSettings settings, long totalDeadline, AnswerSink sink) {
    this.client = client;
    this.loop = client.loop();
    this.settings = settings;
    this.sink = sink;
    this.timer =
        new CallTimer(loop, settings.timeouts(), totalDeadline, this::outOfTime, System::nanoTime);
    this.reader = new SseReader(settings.limits().lineBytes(), this);
  }

  /// Sends the request. Never blocks.
  void start(byte[] body) {
    try {
      loop.execute(() -> send(body));
    } catch (RejectedExecutionException _) {
      end(failed(ErrorType.UNAVAILABLE, "the server is shutting down"));
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

  private void send(byte[] body) {
    if (isOver()) {
      return;
    }
    timer.enter(CallTimer.Stage.CONNECTION);
    client
        .http()
        .post()
        .uri(PATH)
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
      end(failed(ErrorType.TOO_LARGE, "the stream is over " + bytesRead + " bytes"));
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
      end(ConnectionFailure.of(problem, usage));
    } else {
      endOfStream("the connection broke: " + ConnectionFailure.describe(problem), false);
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
      endOfStream("the stream ended before the answer did", true);
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
      end(failed(ErrorType.UNAVAILABLE, otherwise + contentType()));
    }
  }

  /// A web page in place of a stream means a wrong base URL, or a portal in between.
  private String contentType() {
    var type = response == null ? null : response.responseHeaders().get("content-type");
    return type == null || type.startsWith("text/event-stream") ? "" : " (it came as " + type + ")";
  }

  private void outOfTime(String cause) {
    if (finish != null) {
      end(finished(finish));
    } else {
      end(failed(ErrorType.TIMEOUT, "timeout: " + cause));
    }
  }

  @Override
  public void data(byte[] bytes, int length) {
    if (isOver()) {
      return;
    }
    if (!ChunkParser.parse(bytes, length, chunk)) {
      end(failed(ErrorType.UNAVAILABLE, "a chunk of " + length + " bytes is not JSON"));
      return;
    }
    if (chunk.usage != null) {
      usage = chunk.usage;
    }
    if (say(chunk.thinking, true) && say(chunk.text, false)) {
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
    if (chunk.error != null) {
      end(failed(ErrorTypes.inStream(chunk.error), "in the stream: " + chunk.error.text()));
    } else if (chunk.finishReason != null) {
      var reason = FinishReasons.of(chunk.finishReason);
      if (reason.isPresent()) {
        finish = reason.get();
        timer.enter(CallTimer.Stage.END);
      } else {
        end(failed(ErrorType.UNAVAILABLE, "finish_reason " + chunk.finishReason));
      }
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
        failed(
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
        end instanceof CallEnd.Ended(Outcome.Finished(var reason, _))
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
    return new CallEnd.Ended(new Outcome.Finished(reason, Optional.ofNullable(usage)));
  }

  private CallEnd failed(ErrorType type, String cause) {
    return new CallEnd.Ended(new Outcome.Failed(type, cause, Optional.ofNullable(usage)));
  }

  private CallEnd refused(ByteArrayOutputStream body) {
    var head = response;
    var id = head == null ? null : head.responseHeaders().get("x-request-id");
    int status = head == null ? 0 : head.status().code();
    return new CallEnd.Refused(
        new Refusal(status, body.toString(StandardCharsets.UTF_8), id == null ? "" : id));
  }

  private void onLoop(Runnable step) {
    if (loop.inEventLoop()) {
      step.run();
    } else {
      loop.execute(step);
    }
  }
}
