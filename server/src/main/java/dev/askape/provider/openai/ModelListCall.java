package dev.askape.provider.openai;

import dev.askape.chat.ErrorType;
import dev.askape.chat.Outcome;
import dev.askape.provider.ProviderException;
import dev.askape.provider.Redactor;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

/// One `GET /models`. Blocks its caller's virtual thread.
record ModelListCall(OpenAiSettings settings, Redactor redactor) {
  private record Response(int status, ByteArrayOutputStream body, boolean whole) {}

  List<ListedModel> ask(HttpClient http, Duration timeout) throws InterruptedException {
    var future = http.get().uri("/models").response(this::read).next().toFuture();
    var response = await(future, timeout);
    if (response.status() != 200) {
      var refusal =
          new Refusal(response.status(), response.body().toString(StandardCharsets.UTF_8), "");
      throw failure(refusal.type(), refusal.cause());
    }
    if (!response.whole()) {
      throw failure(ErrorType.TOO_LARGE, "the list of models is too long");
    }
    return ModelList.parse(response.body().toByteArray(), settings.limits().models())
        .orElseThrow(() -> failure(ErrorType.UNAVAILABLE, "GET /models gave no list of models"));
  }

  /// Reads the body up to the limit; what is over it is not waited for.
  private Mono<Response> read(HttpClientResponse head, ByteBufFlux bytes) {
    int status = head.status().code();
    int limit =
        status == 200 ? settings.limits().modelListBytes() : settings.limits().errorBodyBytes();
    var body = new ByteArrayOutputStream();
    return bytes
        .takeUntil(part -> !append(body, part, limit))
        .then(Mono.fromSupplier(() -> new Response(status, body, body.size() < limit)));
  }

  private static boolean append(ByteArrayOutputStream body, ByteBuf part, int limit) {
    var array = new byte[Math.min(limit - body.size(), part.readableBytes())];
    part.getBytes(part.readerIndex(), array);
    body.writeBytes(array);
    return body.size() < limit;
  }

  private Response await(CompletableFuture<@Nullable Response> future, Duration timeout)
      throws InterruptedException {
    try {
      var response = future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      if (response == null) {
        throw failure(ErrorType.UNAVAILABLE, "no response");
      }
      return response;
    } catch (TimeoutException _) {
      throw failure(ErrorType.TIMEOUT, "no list of models within " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      var problem = e.getCause() == null ? e : e.getCause();
      var end = ConnectionFailure.of(problem, null);
      var type =
          end instanceof CallEnd.Ended(Outcome.Failed(var failed, _, _))
              ? failed
              : ErrorType.UNAVAILABLE;
      throw failure(type, ConnectionFailure.describe(problem));
    } finally {
      future.cancel(true);
    }
  }

  private ProviderException failure(ErrorType type, String cause) {
    return new ProviderException(type, redactor.redact(settings.name() + ": " + cause));
  }
}
