package dev.askape.standin;

import dev.askape.http.HttpExchange;
import dev.askape.http.HttpReply;
import dev.askape.http.HttpStream;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Does what scripts say, in any dialect. Called on event loops; never blocks.
final class Answering {
  private static final long DRIP_NANOS = 50_000_000;

  private final StandInStats stats;
  private final Map<EventLoop, Pacer> pacers = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();

  Answering(StandInStats stats) {
    this.stats = stats;
  }

  /// Answers one request, or fails to, as its script says.
  void answer(Dialect dialect, HttpExchange exchange, Ask ask, Script script) {
    var refusing = new Refusing(dialect, dialect.key(exchange).orElse(""));
    switch (script.fault()) {
      case STATUS -> {
        refusing.refuse(exchange, script.failure());
        stats.completed();
      }
      case NO_STREAM_OPTIONS -> {
        if (ask.body().has("stream_options")) {
          refusing.refuse(exchange, script.failure());
          stats.completed();
        } else {
          say(dialect, exchange, ask, script);
        }
      }
      case HANG -> exchange.onClose(stats::cancelled);
      case RESET_BEFORE_HEAD -> {
        stats.completed();
        exchange.reset();
      }
      case REDIRECT -> {
        stats.completed();
        Refusing.redirect(exchange);
      }
      case PAGE -> {
        stats.completed();
        Refusing.page(exchange);
      }
      case ENDLESS -> endless(exchange, ScriptedStream.PIECE, 0);
      case ENDLESS_DRIP -> endless(exchange, new byte[] {'x'}, DRIP_NANOS);
      default -> say(dialect, exchange, ask, script);
    }
  }

  private void say(Dialect dialect, HttpExchange exchange, Ask ask, Script script) {
    var answer = ScriptedAnswer.to(ask, script, "standin-" + ids.incrementAndGet());
    if (ask.streamed()) {
      stream(dialect, exchange, answer);
    } else {
      whole(dialect, exchange, answer);
    }
  }

  private void stream(Dialect dialect, HttpExchange exchange, ScriptedAnswer answer) {
    var failure = answer.script().failure();
    var refusing = new Refusing(dialect, dialect.key(exchange).orElse(""));
    var headers = new HashMap<>(refusing.leaked(failure));
    headers.put(
        "Content-Type", failure.fault() == Fault.TYPE ? "text/plain" : dialect.contentType());
    headers.put("Cache-Control", "no-store");
    var out = exchange.stream(200, refusing.reason(failure, "OK"), headers);
    var complaint = refusing.complaint(failure, failure.code());
    pace(exchange, new ScriptedStream(answer, dialect.speech(answer), out, stats, complaint));
  }

  private void endless(HttpExchange exchange, byte[] piece, long interval) {
    var out = exchange.stream(500, Map.of("Content-Type", "text/plain"));
    out.onClose(stats::cancelled);
    pace(exchange, new Endless(out, piece, interval));
  }

  private void pace(HttpExchange exchange, Pacer.Paced stream) {
    pacers.computeIfAbsent(exchange.loop(), Pacer::new).add(stream);
  }

  private void whole(Dialect dialect, HttpExchange exchange, ScriptedAnswer answer) {
    var gone = new AtomicBoolean();
    exchange.onClose(() -> {
      if (gone.compareAndSet(false, true)) {
        stats.cancelled();
      }
    });
    long wait = answer.firstNanos() + answer.intervalNanos() * answer.fragments();
    var _ =
        exchange
            .loop()
            .schedule(
                () -> {
                  if (gone.compareAndSet(false, true)) {
                    stats.completed();
                    exchange.reply(HttpReply.json(200, JsonText.bytes(dialect.whole(answer))));
                  }
                },
                wait,
                TimeUnit.NANOSECONDS);
  }

  /// Says the same again and again, until nobody listens.
  private static final class Endless implements Pacer.Paced {
    private final HttpStream out;
    private final byte[] piece;
    private final long interval;
    private long due = System.nanoTime();

    Endless(HttpStream out, byte[] piece, long interval) {
      this.out = out;
      this.piece = piece;
      this.interval = interval;
    }

    @Override
    public boolean tick(long now) {
      if (due - now <= 0) {
        due = now + interval;
        out.write(piece);
      }
      return out.isOpen();
    }
  }
}
