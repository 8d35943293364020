package dev.askape.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.StringJoiner;

/// One Socket.IO connection over WebSocket that has joined a session. Confined to its event loop.
abstract class ChatClient extends SimpleChannelInboundHandler<TextWebSocketFrame> {
  private static final byte[] EVENT = ascii("42[\"");
  private static final byte[] JOINED = ascii("session_joined");
  private static final byte[] ERROR = ascii("error");

  private final String name;
  private final Tally tally;
  private byte[] bytes = new byte[4_096];
  private boolean leaving;
  private boolean joined;

  /// @param name makes ids that are this client's alone
  ChatClient(String name, Tally tally) {
    this.name = name;
    this.tally = tally;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  final Tally tally() {
    return tally;
  }

  /// The session has been joined.
  abstract void joined(ChannelHandlerContext ctx);

  /// An event that is none of the connection's own.
  ///
  /// @param payload where its payload begins
  abstract void event(ChannelHandlerContext ctx, Name event, int payload, int end);

  /// The name of an event, and the bytes of its frame.
  static final class Name {
    private final byte[] bytes;
    private final int from;
    private final int to;

    private Name(byte[] bytes, int from, int to) {
      this.bytes = bytes;
      this.from = from;
      this.to = to;
    }

    byte[] bytes() {
      return bytes;
    }

    boolean is(byte[] other) {
      return Arrays.equals(bytes, from, to, other, 0, other.length);
    }
  }

  final void leave(ChannelHandlerContext ctx) {
    leaving = true;
    var _ = ctx.close();
  }

  final void ask(ChannelHandlerContext ctx, String message, Iterable<String> models) {
    var ids = new StringJoiner("\",\"", "[\"", "\"]");
    models.forEach(ids::add);
    send(
        ctx,
        "42[\"message\",{\"sessionId\":\"bench-%s\",\"guestId\":\"guest-%s\",\"message\":\"%s\",\"modelIds\":%s}]"
            .formatted(name, name, message, ids));
  }

  private static void send(ChannelHandlerContext ctx, String text) {
    var _ = ctx.writeAndFlush(new TextWebSocketFrame(text));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
    ByteBuf content = frame.content();
    int length = content.readableBytes();
    if (length > bytes.length) {
      bytes = new byte[Math.max(length, 2 * bytes.length)];
    }
    content.getBytes(content.readerIndex(), bytes, 0, length);
    tally.frames++;
    tally.bytes += length;
    if (length > 0) {
      packet(ctx, length);
    }
  }

  private void packet(ChannelHandlerContext ctx, int length) {
    switch (bytes[0]) {
      case '0' -> send(ctx, "40");
      case '2' -> send(ctx, "3");
      case '4' -> message(ctx, length);
      default -> tally.error("unexpected packet " + start(length));
    }
  }

  private void message(ChannelHandlerContext ctx, int length) {
    if (length > 1 && bytes[1] == '0') {
      send(
          ctx,
          "42[\"join_session\",{\"sessionId\":\"bench-%s\",\"guestId\":\"guest-%s\"}]"
              .formatted(name, name));
    } else if (length > EVENT.length
        && Arrays.equals(bytes, 0, EVENT.length, EVENT, 0, EVENT.length)) {
      int nameTo = EVENT.length;
      while (nameTo < length && bytes[nameTo] != '"') {
        nameTo++;
      }
      var event = new Name(bytes, EVENT.length, nameTo);
      if (event.is(ERROR)) {
        tally.error(start(length));
      } else if (!event.is(JOINED)) {
        event(ctx, event, nameTo + 2, length);
      } else if (!joined) {
        joined = true;
        joined(ctx);
      }
    } else {
      tally.error("unexpected packet " + start(length));
    }
  }

  private String start(int length) {
    return new String(bytes, 0, Math.min(length, 200), StandardCharsets.UTF_8);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!leaving) {
      tally.error("connection closed");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    tally.error(cause.toString());
    leave(ctx);
  }
}
