package dev.askape.bench.load;

import io.netty.channel.ChannelHandlerContext;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// Asks, waits until all models have answered, and asks again. Confined to its event loop.
final class LoadClient extends ChatClient {
  private static final byte[] CHUNK = ascii("message_chunk");
  private static final byte[] CHUNKS = ascii("chunks");
  private static final byte[] COMPLETE = ascii("model_streaming_complete");
  private static final byte[] MODEL_ERROR = ascii("model_error");
  private static final byte[] ALL_COMPLETE = ascii("all_responses_complete");
  private static final byte[] ID = ascii("id");
  private static final byte[] MODEL_ID = ascii("modelId");
  private static final byte[] TEXT = ascii("chunk");
  private static final byte[] INDEX = ascii("chunkIndex");
  private static final byte[] COUNT = ascii("chunkCount");

  private final LoadSettings settings;
  private final long delayNanos;
  private final boolean stamped;
  private final int[] answers;
  private final long[] said;
  private int known;
  private int completed;
  private int rounds;
  private boolean running;
  private boolean stopping;

  /// @param delayNanos how long after joining it asks first
  LoadClient(String name, LoadSettings settings, long delayNanos, Tally tally) {
    super(name, tally);
    this.settings = settings;
    this.delayNanos = delayNanos;
    this.stamped = settings.models().getFirst().contains("text=stamp");
    this.answers = new int[settings.models().size()];
    this.said = new long[settings.models().size()];
  }

  boolean isRunning() {
    return running;
  }

  /// Asks nothing more.
  void stop() {
    stopping = true;
  }

  @Override
  void joined(ChannelHandlerContext ctx) {
    var _ = ctx.executor().schedule(() -> askNext(ctx), delayNanos, TimeUnit.NANOSECONDS);
  }

  private void askNext(ChannelHandlerContext ctx) {
    if (stopping) {
      return;
    }
    known = 0;
    completed = 0;
    Arrays.fill(said, 0);
    running = true;
    ask(ctx, "Question " + ++rounds + ": how many are there?", settings.models());
  }

  @Override
  void event(ChannelHandlerContext ctx, Name event, int payload, int end) {
    if (event.is(CHUNK)) {
      chunk(new JsonFields(event.bytes(), payload, end), event.bytes());
    } else if (event.is(CHUNKS)) {
      chunks(event.bytes(), payload, end);
    } else if (event.is(COMPLETE)) {
      complete(new JsonFields(event.bytes(), payload, end));
    } else if (event.is(MODEL_ERROR)) {
      tally().error("model_error");
    } else if (event.is(ALL_COMPLETE)) {
      running = false;
      tally().turns++;
      if (completed != said.length) {
        tally().error(completed + " answers of " + said.length + " completed");
      }
      askNext(ctx);
    }
  }

  /// An array of chunks in one event, as only the floor sends it.
  private void chunks(byte[] bytes, int array, int end) {
    for (int position = array; position < end && bytes[position] != ']'; ) {
      var fields = new JsonFields(bytes, position + 1, end);
      chunk(fields, bytes);
      position = fields.position();
    }
  }

  private void chunk(JsonFields fields, byte[] bytes) {
    int answer = 0;
    boolean hasId = false;
    int textFrom = 0;
    int textTo = 0;
    long index = 0;
    while (fields.next()) {
      if (fields.is(ID)) {
        answer = fields.hash();
        hasId = true;
      } else if (fields.is(MODEL_ID) && !hasId) {
        answer = fields.hash();
      } else if (fields.is(TEXT)) {
        textFrom = fields.from;
        textTo = fields.to;
      } else if (fields.is(INDEX)) {
        index = fields.number();
      }
    }
    int slot = slot(answer);
    boolean first = said[slot] == 0;
    long fragments = index - said[slot];
    said[slot] = index;
    tally().tokens += fragments;
    if (stamped) {
      stamps(bytes, textFrom, textTo, first, fragments);
    }
  }

  private int slot(int answer) {
    for (int i = 0; i < known; i++) {
      if (answers[i] == answer) {
        return i;
      }
    }
    if (known == answers.length) {
      tally().error("a chunk of an answer that was not asked for");
      return 0;
    }
    answers[known] = answer;
    return known++;
  }

  /// Each fragment is the microsecond at which it was sent and a space.
  private void stamps(byte[] bytes, int from, int to, boolean first, long expected) {
    long now = System.nanoTime() / 1_000;
    long stamp = 0;
    int count = 0;
    for (int i = from; i < to; i++) {
      if (bytes[i] != ' ') {
        stamp = stamp * 10 + (bytes[i] - '0');
        continue;
      }
      if (first && count == 0) {
        Tally.record(tally().firsts, now - stamp);
      }
      Tally.record(tally().fragments, now - stamp);
      count++;
      stamp = 0;
    }
    if (count != expected) {
      tally().error(count + " fragments where the index says " + expected);
    }
  }

  private void complete(JsonFields fields) {
    completed++;
    while (fields.next()) {
      if (fields.is(COUNT) && fields.number() != settings.tokens()) {
        tally().error("an answer of " + fields.number() + " fragments");
      }
    }
  }
}
