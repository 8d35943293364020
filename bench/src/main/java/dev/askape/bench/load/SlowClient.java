package dev.askape.bench.load;

import dev.askape.standin.StandInText;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Asks once, stops reading as soon as the answers begin, reads again when told to, and compares
/// what it got with what was said. Confined to the event loop but for the methods that say so.
public final class SlowClient extends ChatClient {
  private static final byte[] STARTED = ascii("streaming_started");
  private static final byte[] CHUNK = ascii("message_chunk");
  private static final byte[] ALL_COMPLETE = ascii("all_responses_complete");
  private static final byte[] MODEL_ERROR = ascii("model_error");
  private static final byte[] MODEL_ID = ascii("modelId");
  private static final byte[] TEXT = ascii("chunk");
  private static final byte[] FULL = ascii("fullContent");

  private final List<String> models;
  private final Map<String, Answer> answers = new HashMap<>();
  private final CountDownLatch silent = new CountDownLatch(1);
  private final CountDownLatch complete = new CountDownLatch(1);
  private @Nullable Channel channel;
  private boolean readingAgain;

  private static final class Answer {
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private boolean fullIsWhole = true;
    private int chunksAfterSilence;
    private int largest;
  }

  /// What became of one answer.
  ///
  /// @param correct whether the text is what was said, and each chunk's `fullContent` was what had
  ///   come so far
  /// @param chunksAfterSilence chunks that came after it read again, those included that the kernel
  ///   had kept
  /// @param largest of them, in bytes
  public record Got(
      String model, boolean correct, int length, int chunksAfterSilence, int largest) {}

  /// @param model a script of the stand-in without `text` and with `chars`; three variants of it
  ///   are asked
  SlowClient(String name, String model, Tally tally) {
    super(name, tally);
    this.models = List.of("fake-s1:" + model, "fake-s2:" + model, "fake-s3:" + model);
  }

  void on(Channel connected) {
    channel = connected;
  }

  private Channel channel() {
    return Objects.requireNonNull(channel, "not connected");
  }

  /// Its port, by which the system knows the connection. For any thread.
  public int port() {
    return ((InetSocketAddress) channel().localAddress()).getPort();
  }

  /// Waits until it has stopped reading. For any thread.
  public boolean awaitSilent(long seconds) throws InterruptedException {
    return silent.await(seconds, TimeUnit.SECONDS);
  }

  /// Reads again. For any thread.
  public void readAgain() {
    channel()
        .eventLoop()
        .execute(() -> {
          readingAgain = true;
          channel().config().setAutoRead(true);
        });
  }

  /// Waits for the turn's end. For any thread.
  public boolean awaitComplete(long seconds) throws InterruptedException {
    return complete.await(seconds, TimeUnit.SECONDS);
  }

  /// What it got. For any thread, after the end.
  public List<Got> got() {
    return channel()
        .eventLoop()
        .submit(() -> models.stream().map(this::got).toList())
        .syncUninterruptibly()
        .getNow();
  }

  private Got got(String model) {
    var answer = answers.getOrDefault(model, new Answer());
    var text = answer.text.toString(StandardCharsets.UTF_8);
    return new Got(
        model,
        answer.fullIsWhole && text.equals(StandInText.answer(model)),
        text.length(),
        answer.chunksAfterSilence,
        answer.largest);
  }

  @Override
  void joined(ChannelHandlerContext ctx) {
    ask(ctx, "Tell three long stories", models);
  }

  @Override
  void event(ChannelHandlerContext ctx, Name event, int payload, int end) {
    if (event.is(STARTED)) {
      ctx.channel().config().setAutoRead(false);
      silent.countDown();
    } else if (event.is(CHUNK)) {
      chunk(new JsonFields(event.bytes(), payload, end), event.bytes());
    } else if (event.is(MODEL_ERROR)) {
      tally().error("model_error for the slow reader");
    } else if (event.is(ALL_COMPLETE)) {
      complete.countDown();
    }
  }

  private void chunk(JsonFields fields, byte[] bytes) {
    var model = "";
    int from = 0;
    int to = 0;
    int full = 0;
    while (fields.next()) {
      if (fields.is(MODEL_ID)) {
        model = fields.text();
      } else if (fields.is(TEXT)) {
        from = fields.from;
        to = fields.to;
      } else if (fields.is(FULL)) {
        full = fields.to - fields.from;
      }
    }
    var answer = answers.computeIfAbsent(model, _ -> new Answer());
    answer.text.write(bytes, from, to - from);
    answer.fullIsWhole &= full == answer.text.size();
    if (readingAgain) {
      answer.chunksAfterSilence++;
      answer.largest = Math.max(answer.largest, to - from);
    }
  }
}
