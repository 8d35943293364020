package dev.askape.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Bytes to be sent, as pieces of arrays that are shared and not copied. Immutable, as long as
/// nobody changes the arrays; any number of connections may send the same one.
public final class Slices {
  public static final Slices EMPTY = new Slices(List.of(), 0);

  private final List<Slice> slices;
  private final int size;

  private record Slice(byte[] array, int offset, int length) {}

  private Slices(List<Slice> slices, int size) {
    this.slices = slices;
    this.size = size;
  }

  public static Slices of(byte[]... arrays) {
    Builder builder = builder();
    for (byte[] array : arrays) {
      builder.add(array);
    }
    return builder.build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /// Bytes in all.
  public int size() {
    return size;
  }

  /// A copy in one array, for tests and small values.
  public byte[] toBytes() {
    byte[] all = new byte[size];
    int at = 0;
    for (Slice slice : slices) {
      System.arraycopy(slice.array, slice.offset, all, at, slice.length);
      at += slice.length;
    }
    return all;
  }

  /// Collects slices; their sizes together must fit an int.
  public static final class Builder {
    private final List<Slice> slices = new ArrayList<>(4);
    private int size;

    private Builder() {}

    public Builder add(byte... array) {
      return add(array, 0, array.length);
    }

    public Builder add(byte[] array, int offset, int length) {
      Objects.checkFromIndexSize(offset, length, array.length);
      if (length > 0) {
        slices.add(new Slice(array, offset, length));
        size = Math.addExact(size, length);
      }
      return this;
    }

    public Builder add(Slices other) {
      slices.addAll(other.slices);
      size = Math.addExact(size, other.size);
      return this;
    }

    public Slices build() {
      return new Slices(List.copyOf(slices), size);
    }
  }

  /// A position in slices that are being sent.
  static final class Cursor {
    private final List<Slice> slices;
    private int index;
    private int offset;
    private int left;

    Cursor(Slices of) {
      this.slices = of.slices;
      this.left = of.size;
    }

    boolean done() {
      return left == 0;
    }

    /// The next bytes, copied into a buffer of their own.
    ByteBuf piece(ByteBufAllocator allocator) {
      int size = Math.min(left, HttpServer.PIECE);
      ByteBuf buffer = allocator.directBuffer(size, size);
      while (buffer.isWritable()) {
        Slice slice = slices.get(index);
        int length = Math.min(slice.length - offset, buffer.writableBytes());
        buffer.writeBytes(slice.array, slice.offset + offset, length);
        offset += length;
        if (offset == slice.length) {
          index++;
          offset = 0;
        }
      }
      left -= size;
      return buffer;
    }
  }
}
