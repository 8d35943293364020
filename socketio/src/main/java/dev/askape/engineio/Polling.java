package dev.askape.engineio;

import dev.askape.http.HttpExchange;
import dev.askape.http.HttpReply;
import dev.askape.http.Slices;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// HTTP long-polling: what is sent goes out in the answer to a GET that waits, what is received
/// comes in the body of a POST.
final class Polling implements Transport {
  private static final byte SEPARATOR = 0x1e;
  private static final Map<String, String> TEXT =
      Map.of("Content-Type", "text/plain; charset=UTF-8", "Cache-Control", "no-store");

  /// A client whose connection ended between two polls hears of it, and of what was queued, by one
  /// more poll. It may be on its way already, on another connection.
  static final Duration LAST_POLL = Duration.ofMillis(500);

  /// What is queued may still go out by a poll that comes while an upgrade is under way, if it is
  /// queued by then.
  private static final Duration POLL_IN_UPGRADE = Duration.ofMillis(50);

  private final EngineSocket socket;
  private final int maxPayload;
  private final Timer timer;
  private volatile @Nullable HttpExchange poll; // a GET that waits
  private @Nullable HttpExchange post; // one whose body is still to come
  private boolean probed;
  private boolean clientClosed;
  private boolean innocent; // the end came, and not because of what the client sent
  private final Queue<Slices> lastAnswers = new ArrayDeque<>(0); // to the polls after the end

  Polling(EngineSocket socket, int maxPayload) {
    this.socket = socket;
    this.maxPayload = maxPayload;
    this.timer = new Timer(socket.loop());
  }

  void request(HttpExchange exchange) {
    boolean get = exchange.method().equals("GET");
    Slices last = get ? lastAnswers.poll() : null;
    if (last != null) {
      answer(exchange, last);
      if (lastAnswers.isEmpty()) {
        forget();
      }
    } else if (socket.isClosed()) {
      RequestError.UNKNOWN_SID.answer(exchange);
    } else if (get) {
      get(exchange);
    } else if (exchange.method().equals("POST")) {
      post(exchange);
    } else {
      RequestError.BAD_REQUEST.answer(exchange);
    }
  }

  private void get(HttpExchange exchange) {
    if (poll != null) {
      RequestError.BAD_REQUEST.answer(exchange);
      socket.end(EndReason.TRANSPORT_ERROR);
      return;
    }
    poll = exchange;
    exchange.onClose(() -> socket.loop().execute(() -> connectionLost(exchange)));
    flush();
    if (probed && poll != null) {
      timer.start(POLL_IN_UPGRADE, this::endPoll);
    }
    socket.tellWhetherItTakesMore();
  }

  /// A GET was given up, its answer not read to the end, or a POST broken off: something is lost.
  private void connectionLost(HttpExchange exchange) {
    if (poll == exchange) {
      poll = null;
    }
    if (socket.isTransport(this)) {
      socket.end(EndReason.TRANSPORT_ERROR);
    }
  }

  /// Two POSTs at once have no order (Engine.IO v4, Sending data), and what was in one that breaks
  /// off is lost.
  void beginPost(HttpExchange exchange) {
    if (post != null) {
      RequestError.BAD_REQUEST.answer(exchange);
      socket.end(EndReason.TRANSPORT_ERROR);
      return;
    }
    post = exchange;
    exchange.onClose(() -> socket.loop().execute(() -> connectionLost(exchange)));
  }

  private void post(HttpExchange exchange) {
    byte[] body = exchange.body();
    if (post != null && post != exchange) {
      RequestError.BAD_REQUEST.answer(exchange);
      socket.end(EndReason.TRANSPORT_ERROR);
      return;
    }
    post = null;
    if (body.length > maxPayload) {
      exchange.reply(HttpReply.text(413, "Payload Too Large"));
      socket.end(EndReason.TRANSPORT_ERROR);
      return;
    }
    int from = 0;
    for (int i = 0; i <= body.length && !socket.isClosed(); i++) {
      if (i == body.length || body[i] == SEPARATOR) {
        receive(body, from, i);
        from = i + 1;
      }
    }
    if (socket.isClosed() && !innocent) {
      RequestError.BAD_REQUEST.answer(exchange);
    } else {
      exchange.reply(HttpReply.text(200, "ok"));
    }
  }

  private void receive(byte[] body, int from, int to) {
    if (from == to || body[from] != 'b') {
      clientClosed = to - from == 1 && body[from] == '1';
      socket.receiveText(body, from, to - from);
      return;
    }
    byte[] binary;
    try {
      binary = Base64.getDecoder().decode(withoutLineBreaks(body, from + 1, to));
    } catch (IllegalArgumentException _) {
      socket.end(EndReason.PARSE_ERROR);
      return;
    }
    socket.receiveBinary(binary);
  }

  /// The official client for the JVM breaks its base64 into lines.
  private static byte[] withoutLineBreaks(byte[] body, int from, int to) {
    byte[] kept = new byte[to - from];
    int size = 0;
    for (int i = from; i < to; i++) {
      if (body[i] != '\n' && body[i] != '\r') {
        kept[size++] = body[i];
      }
    }
    return Arrays.copyOf(kept, size);
  }

  /// The client has a WebSocket that works, and waits for its last poll to end.
  void probed(boolean probed) {
    this.probed = probed;
    endPoll();
  }

  private void endPoll() {
    if (probed && poll != null) {
      answerPoll(EnginePacket.NOOP.polled());
    }
  }

  /// The client has gone on to the WebSocket; a poll of it that waits is one too many.
  void upgraded() {
    timer.cancel();
    HttpExchange waiting = poll;
    poll = null;
    if (waiting != null) {
      RequestError.BAD_REQUEST.answer(waiting);
    }
  }

  @Override
  public boolean takesMore() {
    return poll != null;
  }

  @Override
  public boolean midPacket() {
    return false;
  }

  @Override
  public void flush() {
    if (poll != null) {
      var body = Slices.builder();
      if (addQueued(body)) {
        answerPoll(body.build());
      }
    }
  }

  private boolean addQueued(Slices.Builder body) {
    boolean any = false;
    for (List<EnginePacket> unit; (unit = socket.next()) != null; ) {
      for (EnginePacket packet : unit) {
        if (any) {
          body.add(SEPARATOR);
        }
        body.add(packet.polled());
        any = true;
      }
    }
    return any;
  }

  private void answerPoll(Slices body) {
    HttpExchange waiting = poll;
    poll = null;
    timer.cancel();
    if (waiting != null) {
      answer(waiting, body);
    }
  }

  private static void answer(HttpExchange exchange, Slices body) {
    exchange.reply(200, TEXT, body);
  }

  /// Ends the poll that waits, or the next one, with what is queued, and the one after that with
  /// the end: the official client for JavaScript hears nothing of what comes together with it. To a
  /// client that goes by itself a noop is enough; one that broke the rules gets no further answer.
  @Override
  public void close(EndReason reason) {
    timer.cancel();
    innocent = clientClosed || reason.isOurs();
    var queued = Slices.builder();
    if (addQueued(queued)) {
      lastAnswers.add(queued.build());
    }
    lastAnswers.add((clientClosed ? EnginePacket.NOOP : EnginePacket.CLOSE).polled());
    if (poll != null) {
      answerPoll(lastAnswers.remove());
    }
    if (!innocent) {
      lastAnswers.clear();
    } else if (!lastAnswers.isEmpty()) {
      timer.start(LAST_POLL, this::forget);
    }
  }

  boolean isLastPollDue() {
    return !lastAnswers.isEmpty();
  }

  private void forget() {
    timer.cancel();
    lastAnswers.clear();
    socket.forget();
  }
}
