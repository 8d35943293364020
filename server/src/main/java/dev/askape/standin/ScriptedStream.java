package dev.askape.standin;

import dev.askape.http.HttpStream;

/// One streamed answer on its way. Confined to its event loop.
///
/// Positions count what is said: first the reasoning, then the answer.
final class ScriptedStream implements Pacer.Paced {
  private static final int BURST = 64;
  private static final int LONG_LINE = 10 << 20;
  private static final byte[] PIECE =
      "x".repeat(64 << 10).getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private final ScriptedAnswer answer;
  private final Script script;
  private final Chunks chunks;
  private final HttpStream out;
  private final StandInStats stats;

  private int position;
  private long due;
  private int longLineLeft;
  private boolean over;

  ScriptedStream(ScriptedAnswer answer, Chunks chunks, HttpStream out, StandInStats stats) {
    this.answer = answer;
    this.script = answer.script();
    this.chunks = chunks;
    this.out = out;
    this.stats = stats;
    this.due = System.nanoTime() + answer.firstNanos();
    out.onClose(this::gone);
    say(chunks.role());
  }

  private void gone() {
    if (!over) {
      over = true;
      stats.cancelled();
    }
  }

  @Override
  public boolean tick(long now) {
    if (longLineLeft > 0) {
      longLineLeft -= PIECE.length;
      out.write(PIECE);
      return !over;
    }
    for (int i = 0; i < BURST && !over && longLineLeft <= 0 && due - now <= 0; i++) {
      due += answer.intervalNanos();
      if (!next()) {
        return false;
      }
    }
    return !over;
  }

  /// Says the next thing.
  ///
  /// @return false when that was the last
  private boolean next() {
    int index = position - script.think();
    if (index == script.at() && !script.fail().isEmpty()) {
      position++;
      return goWrong(index);
    }
    if (index >= answer.fragments()) {
      finish();
      return false;
    }
    sayFragment(index);
    position++;
    return true;
  }

  private void sayFragment(int index) {
    say(
        index < 0
            ? chunks.thinking(answer.thought(position))
            : chunks.text(answer.fragment(index)));
  }

  private boolean goWrong(int index) {
    return switch (script.fail()) {
      case "stall" -> false;
      case "reset" -> {
        completed();
        out.reset();
        yield false;
      }
      case "truncate" -> {
        end();
        yield false;
      }
      case "error" -> {
        say(
            Chunks.bytes(
                "data: {\"error\":{\"message\":\"scripted\",\"type\":\"server_error\",\"code\":500}}\n\n"));
        say(Chunks.DONE);
        end();
        yield false;
      }
      case "garbage" -> said(Chunks.bytes("data: {\"choices\":[{\"delta\":\n\n"));
      case "badutf8" -> said(chunks.brokenText());
      case "longline" -> {
        longLineLeft = LONG_LINE;
        yield said(Chunks.bytes("data: "));
      }
      default -> {
        if (index < answer.fragments()) {
          sayFragment(index);
          yield true;
        }
        finish();
        yield false;
      }
    };
  }

  private boolean said(byte[] bytes) {
    say(bytes);
    return true;
  }

  private void finish() {
    say(chunks.finish());
    if (script.usage() && answer.wantsUsage()) {
      say(chunks.usage(answer.usage()));
    }
    if (!script.fails("nodone")) {
      say(Chunks.DONE);
    }
    end();
  }

  private void end() {
    completed();
    out.end();
  }

  private void completed() {
    if (!over) {
      over = true;
      stats.completed();
    }
  }

  private void say(byte[] bytes) {
    if (!script.fails("split")) {
      out.write(bytes);
      return;
    }
    for (var b : bytes) {
      out.write(new byte[] {b});
    }
  }
}
