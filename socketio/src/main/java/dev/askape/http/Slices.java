package dev.askape.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import java.util.Objects;

/// Bytes to be sent, as pieces of arrays that are shared and not copied. Immutable, as long as
/// nobody changes the arrays; any number of connections may send the same one.
public final class Slices {
  public static final Slices EMPTY = builder().build();

  private final byte[][] arrays;
  private final int[] offsets;
  private final int[] lengths;
  private final int size;

  private Slices(Builder from) {
    this.arrays = Arrays.copyOf(from.arrays, from.count);
    this.offsets = Arrays.copyOf(from.offsets, from.count);
    this.lengths = Arrays.copyOf(from.lengths, from.count);
    this.size = from.size;
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

  /// A copy in one array, for what is known to be small.
  public byte[] toBytes() {
    byte[] all = new byte[size];
    int at = 0;
    for (int i = 0; i < arrays.length; i++) {
      System.arraycopy(arrays[i], offsets[i], all, at, lengths[i]);
      at += lengths[i];
    }
    return all;
  }

  /// Collects slices; their sizes together must fit an int.
  public static final class Builder {
    private byte[][] arrays = new byte[8][];
    private int[] offsets = new int[8];
    private int[] lengths = new int[8];
    private int count;
    private int size;

    private Builder() {}

    public Builder add(byte... array) {
      return add(array, 0, array.length);
    }

    public Builder add(byte[] array, int offset, int length) {
      Objects.checkFromIndexSize(offset, length, array.length);
      if (length == 0) {
        return this;
      }
      if (count == arrays.length) {
        arrays = Arrays.copyOf(arrays, 2 * count);
        offsets = Arrays.copyOf(offsets, 2 * count);
        lengths = Arrays.copyOf(lengths, 2 * count);
      }
      arrays[count] = array;
      offsets[count] = offset;
      lengths[count] = length;
      count++;
      size = Math.addExact(size, length);
      return this;
    }

    public Builder add(Slices other) {
      for (int i = 0; i < other.arrays.length; i++) {
        add(other.arrays[i], other.offsets[i], other.lengths[i]);
      }
      return this;
    }

    public Slices build() {
      return new Slices(this);
    }
  }

  /// A position in slices that are being sent.
  static final class Cursor {
    private final Slices slices;
    private int index;
    private int offset; // in the slice
    private int left;

    Cursor(Slices slices) {
      this.slices = slices;
      this.left = slices.size;
    }

    boolean done() {
      return left == 0;
    }

    /// The next bytes, copied into a buffer of their own.
    ByteBuf piece(ByteBufAllocator allocator) {
      int size = Math.min(left, HttpServer.PIECE);
      ByteBuf buffer = allocator.directBuffer(size, size);
      while (buffer.isWritable()) {
        int length = Math.min(slices.lengths[index] - offset, buffer.writableBytes());
        buffer.writeBytes(slices.arrays[index], slices.offsets[index] + offset, length);
        offset += length;
        if (offset == slices.lengths[index]) {
          index++;
          offset = 0;
        }
      }
      left -= size;
      return buffer;
    }
  }
}
