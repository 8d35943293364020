package dev.askape.provider.http;

import dev.askape.chat.ErrorType;
import dev.askape.chat.Outcome;
import dev.askape.provider.Attempt;
import dev.askape.provider.Attempt.Trouble;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.ssl.SslClosedEngineException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;
import reactor.netty.channel.AbortedException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

/// Translates what the HTTP client throws before there is the head of a response.
final class ConnectionFailure {
  private static final String CLOSED_IN_HANDSHAKE = "Connection closed while SSL/TLS handshake";

  private static final int MAX_DEPTH = 8;

  private ConnectionFailure() {}

  static Attempt of(Throwable problem) {
    return Attempt.failed(new Outcome.Failed(type(problem), describe(problem)), trouble(problem));
  }

  static ErrorType type(Throwable problem) {
    return switch (problem) {
      case ConnectTimeoutException _, SslHandshakeTimeoutException _ -> ErrorType.TIMEOUT;
      case PoolAcquirePendingLimitException _, PoolAcquireTimeoutException _ -> ErrorType.BUSY;
      default -> ErrorType.UNAVAILABLE;
    };
  }

  /// No connection, or one that is no more, may be there in a moment. A certificate that is not
  /// trusted stays so, and what does not speak HTTP will not either.
  private static Trouble trouble(Throwable problem) {
    return switch (problem) {
      case SslHandshakeTimeoutException _, SslClosedEngineException _ -> Trouble.PASSING;
      case SSLException e -> wasClosed(e) ? Trouble.PASSING : Trouble.BROKEN;
      case IOException _,
          AbortedException _,
          UnresolvedAddressException _,
          Http2Exception _,
          Http2FrameStreamException _,
          PoolAcquirePendingLimitException _,
          PoolAcquireTimeoutException _ ->
          Trouble.PASSING;
      default -> Trouble.BROKEN;
    };
  }

  /// The connection, or the way to it through a proxy, failed below TLS.
  private static boolean wasClosed(SSLException problem) {
    var message = problem.getMessage();
    var root = root(problem);
    return (message != null && message.startsWith(CLOSED_IN_HANDSHAKE))
        || (root instanceof IOException && !(root instanceof SSLException));
  }

  private static Throwable root(Throwable problem) {
    var root = problem;
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      var cause = root.getCause();
      if (cause == null) {
        break;
      }
      root = cause;
    }
    return root;
  }

  /// For the log, not yet redacted.
  static String describe(Throwable problem) {
    var root = root(problem);
    var words = named(problem);
    var message = root.getMessage();
    boolean known = root.equals(problem) || (message != null && words.contains(message));
    return known ? words : words + " (" + named(root) + ")";
  }

  private static String named(Throwable problem) {
    var message = problem.getMessage();
    return problem.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }
}
