package dev.askape.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One WebSocket connection (RFC 6455), the server's end. Confined to its event loop but for
/// [#isReady].
///
/// Frames are pulled from the listener while the connection takes them, and written as raw bytes in
/// pieces: one of any size costs a few kilobytes of buffers, however slowly its client reads.
@SuppressWarnings("FutureReturnValueIgnored") // what fails in Netty closes the channel
public final class WebSocket {
  public static final int NORMAL = 1000;
  public static final int PROTOCOL_ERROR = 1002;
  public static final int POLICY_VIOLATION = 1008;
  public static final int TOO_LARGE = 1009;

  private static final int FIN_TEXT = 0x81;
  private static final int FIN_BINARY = 0x82;
  private static final int FIN_CLOSE = 0x88;
  private static final int FIN_PONG = 0x8A;
  private static final int CLOSE_SECONDS = 2;

  private final DuplexChannel channel;
  private final WebSocketListener listener;
  private final int maxMessage;
  private Slices.@Nullable Cursor frame; // being written
  private volatile boolean midFrame;
  private @Nullable Slices pong; // due when no frame is being written
  private boolean pumping;
  private boolean closing;

  private WebSocket(DuplexChannel channel, WebSocketListener listener, int maxMessage) {
    this.channel = channel;
    this.listener = listener;
    this.maxMessage = maxMessage;
  }

  /// Takes the channel over from HTTP; false when the client did not wait for the handshake's end.
  static boolean open(
      Channel channel, HttpConnection http, WebSocketListener listener, int maxMessage) {
    if (!http.leave()) {
      channel.close();
      return false;
    }
    if (channel.config() instanceof EpollSocketChannelConfig epoll) {
      // else Linux takes megabytes for a client that does not read
      epoll.setTcpNotSentLowAt(HttpServer.PIECE / 2);
    }
    var socket = new WebSocket((DuplexChannel) channel, listener, maxMessage);
    var config =
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(maxMessage)
            .withUTF8Validator(false)
            .closeOnProtocolViolation(false)
            .build();
    listener.onOpen(socket);
    channel.pipeline().replace(http, null, socket.new Reader());
    channel.pipeline().replace(HttpServerCodec.class, null, new WebSocket13FrameDecoder(config));
    return true;
  }

  /// The bytes of a whole unmasked frame; may be written to any number of connections.
  public static Slices frame(boolean binary, Slices payload) {
    return frame(binary ? FIN_BINARY : FIN_TEXT, payload);
  }

  private static Slices frame(int firstByte, Slices payload) {
    int size = payload.size();
    var out = Slices.builder();
    if (size < 126) {
      out.add((byte) firstByte, (byte) size);
    } else if (size < 1 << 16) {
      out.add((byte) firstByte, (byte) 126, (byte) (size >> 8), (byte) size);
    } else {
      out.add((byte) firstByte, (byte) 127, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
      out.add((byte) (size >> 24), (byte) (size >> 16), (byte) (size >> 8), (byte) size);
    }
    return out.add(payload).build();
  }

  /// Whether what it was given is written and it takes more. Safe for any thread.
  public boolean isReady() {
    return !midFrame && channel.isWritable();
  }

  /// Whether a frame is written in part. Safe for any thread.
  public boolean isMidFrame() {
    return midFrame;
  }

  /// Pulls frames and writes them, while it takes them.
  public void flush() {
    if (pumping || closing) {
      return;
    }
    pumping = true; // a flush can make the channel writable and so come back here
    do {
      for (Slices.Cursor next; channel.isWritable() && (next = current()) != null; ) {
        channel.write(next.piece(channel.alloc()));
        midFrame = !next.done();
      }
      channel.flush();
    } while (channel.isWritable() && frame != null);
    pumping = false;
  }

  /// The frame to go on with, null when there is none.
  private Slices.@Nullable Cursor current() {
    if (frame == null || frame.done()) {
      Slices next = pong != null ? pong : listener.nextFrame();
      pong = null;
      frame = next == null ? null : new Slices.Cursor(next);
    }
    return frame;
  }

  /// Sends a close frame, and closes the connection when the client has answered it, or after two
  /// seconds; at once when a frame is written in part.
  public void close(int code) {
    if (closing) {
      return;
    }
    closing = true;
    if (!channel.isActive() || isMidFrame()) {
      channel.close();
      return;
    }
    writeClose(code);
    closeSoon();
  }

  /// Ends the connection after what is written, without a close frame, as if it broke.
  public void drop() {
    if (closing) {
      return;
    }
    closing = true;
    if (!channel.isActive() || isMidFrame()) {
      channel.close();
      return;
    }
    // the client's end follows; to close now could reset the connection before it has read all
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> channel.shutdownOutput());
    closeSoon();
  }

  private void closeSoon() {
    var timer =
        channel.eventLoop().schedule(() -> channel.close(), CLOSE_SECONDS, TimeUnit.SECONDS);
    channel.closeFuture().addListener(_ -> timer.cancel(false));
  }

  private ChannelFuture writeClose(int code) {
    Slices bytes = frame(FIN_CLOSE, Slices.of(new byte[] {(byte) (code >> 8), (byte) code}));
    return channel.writeAndFlush(Unpooled.wrappedBuffer(bytes.toBytes()));
  }

  /// The channel's end of the pipeline.
  private final class Reader extends ChannelInboundHandlerAdapter {
    private final ByteArrayOutputStream parts = new ByteArrayOutputStream(0);
    private boolean binaryParts;
    private boolean over; // the listener knows

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      try {
        if (message instanceof CloseWebSocketFrame) {
          closedByClient();
        } else if (!closing && message instanceof WebSocketFrame received) {
          read(received);
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    /// The decoder has checked masks, opcodes, reserved bits and the order of fragments.
    private void read(WebSocketFrame received) {
      byte[] content = ByteBufUtil.getBytes(received.content());
      switch (received) {
        case PingWebSocketFrame _ -> {
          pong = frame(FIN_PONG, Slices.of(content));
          flush();
        }
        case ContinuationWebSocketFrame _ -> append(content, received.isFinalFragment());
        default -> {
          boolean binary = received instanceof BinaryWebSocketFrame;
          boolean data = binary || received instanceof TextWebSocketFrame;
          if (data && received.isFinalFragment()) {
            listener.onMessage(binary, content);
          } else if (data) {
            binaryParts = binary;
            append(content, false);
          }
        }
      }
    }

    private void append(byte[] content, boolean last) {
      if (parts.size() + content.length > maxMessage) {
        fail(TOO_LARGE);
        return;
      }
      parts.writeBytes(content);
      if (last) {
        byte[] whole = parts.toByteArray();
        parts.reset();
        listener.onMessage(binaryParts, whole);
      }
    }

    private void closedByClient() {
      if (closing || isMidFrame()) {
        channel.close();
      } else {
        closing = true;
        writeClose(NORMAL).addListener(_ -> channel.close());
      }
    }

    /// What the client sent is beyond use. It is told, and what else it sends is thrown away: to
    /// close now would reset the connection, and it might not hear why.
    private void fail(int code) {
      close(code);
      over(code);
    }

    private void over(int problem) {
      if (!over) {
        over = true;
        listener.onClose(problem);
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      if (channel.isWritable() && !pumping) {
        flush();
        if (isReady()) {
          listener.onReady();
        }
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      closing = true;
      over(0);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (cause instanceof CorruptedWebSocketFrameException corrupted) {
        fail(corrupted.closeStatus().code());
      } else {
        channel.close();
      }
    }
  }
}
