package dev.askape.standin;

import dev.askape.http.HttpStream;
import java.nio.charset.StandardCharsets;

/// One streamed answer on its way, in any dialect. Confined to its event loop.
///
/// Positions count what is said: first the reasoning, then the answer.
final class ScriptedStream implements Pacer.Paced {
  /// 64 kB of a line or a body that is too long.
  static final byte[] PIECE = "x".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);

  private static final int BURST = 64;
  private static final int LONG_LINE = 10 << 20;
  private static final long PING_NANOS = 20_000_000;

  private final ScriptedAnswer answer;
  private final Fault fault;
  private final Speech speech;
  private final HttpStream out;
  private final StandInStats stats;
  private final String complaint;
  private final Delivery delivery;

  private int position;
  private long due;
  private int longLineLeft;
  private boolean pinging;
  private boolean said; // all
  private boolean over;

  /// @param complaint what an error in the stream says
  ScriptedStream(
      ScriptedAnswer answer, Speech speech, HttpStream out, StandInStats stats, String complaint) {
    this.answer = answer;
    this.fault = answer.script().fault();
    this.speech = speech;
    this.out = out;
    this.stats = stats;
    this.complaint = complaint;
    this.delivery = new Delivery(out, fault);
    this.due = System.nanoTime() + answer.firstNanos();
    out.onClose(this::gone);
    if (fault == Fault.COMMENTS) {
      delivery.say(speech.keepAlive());
    }
    if (fault == Fault.HANG_AFTER_HEAD) {
      said = true;
    } else {
      delivery.say(speech.opening());
    }
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
      goOnWithTheLine();
      return !over;
    }
    if (pinging) {
      if (due - now <= 0) {
        due = now + PING_NANOS;
        delivery.say(speech.keepAlive());
      }
      return !over;
    }
    for (int i = 0; i < BURST && mayGoOn() && due - now <= 0; i++) {
      due += answer.intervalNanos();
      next();
    }
    if (!delivery.drip(now) && said && !isSilent()) {
      completed();
      out.end();
    }
    return !over && !(said && isSilent());
  }

  /// As fast as it is read: the connection of a client that is behind is reset.
  private void goOnWithTheLine() {
    if (out.takesMore()) {
      longLineLeft -= PIECE.length;
      out.write(PIECE);
    }
  }

  private boolean mayGoOn() {
    return !over && !said && !pinging && longLineLeft <= 0;
  }

  /// Whether the end never comes.
  private boolean isSilent() {
    return fault == Fault.STALL || fault == Fault.HANG_AFTER_HEAD;
  }

  /// Says the next thing.
  private void next() {
    int index = position - answer.script().think();
    if (index == answer.script().failure().at() && goesWrong()) {
      position++;
    } else if (index >= answer.fragments()) {
      finish();
    } else {
      sayFragment(index);
      position++;
    }
  }

  private void sayFragment(int index) {
    if (fault == Fault.COMMENTS) {
      delivery.say(speech.keepAlive());
    }
    delivery.say(
        index < 0 ? speech.thought(answer.thought(position)) : speech.text(answer.fragment(index)));
  }

  /// Returns whether it did.
  private boolean goesWrong() {
    switch (fault) {
      case STALL, TRUNCATE -> said = true;
      case PINGS -> pinging = true;
      case RESET -> {
        completed();
        out.reset();
      }
      case ERROR -> {
        delivery.say(speech.error(answer.script().failure().code(), complaint));
        said = true;
      }
      case BARE_ERROR -> {
        delivery.say(
            JsonText.bytes("{\"error\":{\"message\":" + JsonText.quoted(complaint) + "}}\n"));
        said = true;
      }
      case GARBAGE -> delivery.say(speech.event("{\"broken\":"));
      case BADUTF8 -> delivery.say(broken(speech.text("<??>")));
      case LONGLINE -> {
        delivery.say(speech.lineStart());
        longLineLeft = LONG_LINE;
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /// With the two question marks made bytes that are no UTF-8.
  private static byte[] broken(byte[] bytes) {
    for (int i = 0; i + 3 < bytes.length; i++) {
      if (bytes[i] == '<' && bytes[i + 1] == '?' && bytes[i + 2] == '?' && bytes[i + 3] == '>') {
        bytes[i + 1] = (byte) 0xff;
        bytes[i + 2] = (byte) 0xc3;
      }
    }
    return bytes;
  }

  private void finish() {
    delivery.say(speech.finish());
    if (fault != Fault.NODONE) {
      delivery.say(speech.endMark());
    }
    said = true;
  }

  private void completed() {
    if (!over) {
      over = true;
      stats.completed();
    }
  }
}
