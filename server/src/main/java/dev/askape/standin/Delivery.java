package dev.askape.standin;

import dev.askape.http.HttpStream;
import java.io.ByteArrayOutputStream;

/// How the bytes of a stream go out: as they are, or mangled as the script wants it. Confined to
/// its event loop.
final class Delivery {
  private static final long DRIP_NANOS = 50_000_000;
  private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final HttpStream out;
  private final Fault fault;
  private byte[] dripping = new byte[0];
  private int dripped;
  private long due;
  private boolean begun;

  Delivery(HttpStream out, Fault fault) {
    this.out = out;
    this.fault = fault;
  }

  void say(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    if (!begun) {
      begun = true;
      if (fault == Fault.BOM) {
        out.write(BOM);
      }
    }
    switch (fault) {
      case SPLIT -> {
        for (var b : bytes) {
          out.write(new byte[] {b});
        }
      }
      case DRIP -> dripping = joined(dripping, dripped, bytes);
      case CRLF -> out.write(withCrlf(bytes));
      default -> out.write(bytes);
    }
  }

  /// Lets the next byte go if it is due.
  ///
  /// @return false when all have gone
  boolean drip(long now) {
    if (dripping.length == 0) {
      return false;
    }
    if (due - now <= 0) {
      due = now + DRIP_NANOS;
      out.write(new byte[] {dripping[dripped++]});
      if (dripped == dripping.length) {
        dripping = new byte[0];
        dripped = 0;
      }
    }
    return dripping.length > 0;
  }

  private byte[] joined(byte[] first, int from, byte[] second) {
    var all = new byte[first.length - from + second.length];
    System.arraycopy(first, from, all, 0, first.length - from);
    System.arraycopy(second, 0, all, first.length - from, second.length);
    dripped = 0;
    return all;
  }

  /// A line feed is nothing but the end of a line here: within JSON it is escaped.
  private static byte[] withCrlf(byte[] bytes) {
    var all = new ByteArrayOutputStream(bytes.length + 8);
    for (var b : bytes) {
      if (b == '\n') {
        all.write('\r');
      }
      all.write(b);
    }
    return all.toByteArray();
  }
}
