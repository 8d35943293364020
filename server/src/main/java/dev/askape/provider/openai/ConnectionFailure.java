package dev.askape.provider.openai;

import dev.askape.chat.ErrorType;
import dev.askape.chat.Outcome;
import dev.askape.chat.Usage;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

/// Translates what the HTTP client throws.
final class ConnectionFailure {
  private ConnectionFailure() {}

  static CallEnd of(Throwable problem, @Nullable Usage usage) {
    var type =
        switch (problem) {
          case ConnectTimeoutException _, SslHandshakeTimeoutException _ -> ErrorType.TIMEOUT;
          case PoolAcquirePendingLimitException _, PoolAcquireTimeoutException _ -> ErrorType.BUSY;
          default -> ErrorType.UNAVAILABLE;
        };
    return new CallEnd.Ended(
        new Outcome.Failed(type, describe(problem), Optional.ofNullable(usage)));
  }

  static String describe(Throwable problem) {
    var message = problem.getMessage();
    return problem.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }
}
