package dev.askape.bench.floor;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One client of the relay, and what its models are saying. Confined to its event loop, on which
/// its requests run too.
final class FloorConnection extends SimpleChannelInboundHandler<TextWebSocketFrame> {
  private static final long MERGE_MILLIS = 25;
  private static final Pattern MODELS = Pattern.compile("\"modelIds\":\\[(.*?)\\]");

  private final String host;
  private final int provider;
  private final List<FloorRequest> requests = new ArrayList<>();
  private @Nullable Future<?> ticking;
  private int running;

  FloorConnection(String host, int provider) {
    this.host = host;
    this.provider = provider;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
      send(
          ctx,
          "0{\"sid\":\"floor\",\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000}");
    }
  }

  private static void send(ChannelHandlerContext ctx, String text) {
    var _ = ctx.writeAndFlush(new TextWebSocketFrame(text));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
    var text = frame.text();
    if (text.equals("40")) {
      send(ctx, "40{\"sid\":\"floor\"}");
    } else if (text.startsWith("42[\"join_session\"")) {
      send(ctx, "42[\"session_joined\",{}]");
    } else if (text.startsWith("42[\"message\"")) {
      ask(ctx, text);
    }
  }

  private void ask(ChannelHandlerContext ctx, String message) {
    var models = MODELS.matcher(message);
    if (!models.find()) {
      return;
    }
    requests.clear();
    // the ids are quoted and separated by what cannot be in them
    for (var model : models.group(1).replaceAll("^\"|\"$", "").split("\",\"", -1)) {
      var request = new FloorRequest(model, () -> running--);
      requests.add(request);
      running++;
      request.start(ctx.channel().eventLoop(), host, provider);
    }
    ticking =
        ctx.channel()
            .eventLoop()
            .scheduleAtFixedRate(
                () -> tick(ctx), MERGE_MILLIS, MERGE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tick(ChannelHandlerContext ctx) {
    ByteBuf frame = null;
    for (var request : requests) {
      if (request.hasNews()) {
        if (frame == null) {
          frame = ctx.alloc().buffer(1_024);
          frame.writeCharSequence("42[\"chunks\",[", StandardCharsets.US_ASCII);
        } else {
          frame.writeByte(',');
        }
        request.drainTo(frame);
      }
    }
    if (frame != null) {
      frame.writeCharSequence("]]", StandardCharsets.US_ASCII);
      var _ = ctx.write(new TextWebSocketFrame(frame));
    }
    if (running == 0 && ticking != null) {
      ticking.cancel(false);
      ticking = null;
      for (var request : requests) {
        send(ctx, "42[\"model_streaming_complete\",{\"chunkCount\":" + request.fragments() + "}]");
      }
      send(ctx, "42[\"all_responses_complete\",{}]");
    } else if (frame != null) {
      ctx.flush();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (ticking != null) {
      ticking.cancel(false);
    }
  }
}
