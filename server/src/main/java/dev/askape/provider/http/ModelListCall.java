package dev.askape.provider.http;

import dev.askape.chat.ErrorType;
import dev.askape.provider.ListedModel;
import dev.askape.provider.ProviderException;
import dev.askape.provider.Redactor;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

/// Asks for the list of models, page after page. Blocks its caller's virtual thread.
record ModelListCall(Endpoint endpoint, Redactor redactor) {
  private static final int MAX_PAGES = 50;

  private record Response(
      int status, HttpHeaders headers, ByteArrayOutputStream body, boolean whole) {}

  List<ListedModel> ask(HttpClient http, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    int limit = endpoint.settings().limits().models();
    var models = new LinkedHashMap<String, ListedModel>();
    Optional<String> next = Optional.empty();
    for (int pages = 0; pages < MAX_PAGES; pages++) {
      var page = page(http, endpoint.dialect().listPath(next), deadline, timeout);
      for (var model : page.models()) {
        if (models.size() < limit) {
          models.putIfAbsent(model.id(), model);
        }
      }
      if (page.next().isEmpty() || page.next().equals(next) || models.size() >= limit) {
        break;
      }
      next = page.next();
    }
    return List.copyOf(models.values());
  }

  private ModelPage page(HttpClient http, String path, long deadline, Duration timeout)
      throws InterruptedException {
    var future = http.get().uri(path).response(this::read).next().toFuture();
    var response = await(future, deadline, timeout);
    if (response.status() != 200) {
      var body = response.body().toString(StandardCharsets.UTF_8);
      var refusal = Refusal.of(response.status(), response.headers(), body);
      throw failure(refusal.type(), refusal.cause());
    }
    if (!response.whole()) {
      throw failure(ErrorType.TOO_LARGE, "the list of models is too long");
    }
    return endpoint
        .dialect()
        .readList(response.body().toByteArray())
        .orElseThrow(() -> failure(ErrorType.UNAVAILABLE, "it gave no list of models"));
  }

  /// Reads the body up to the limit; what is over it is not waited for.
  private Mono<Response> read(HttpClientResponse head, ByteBufFlux bytes) {
    int status = head.status().code();
    var limits = endpoint.settings().limits();
    int limit = status == 200 ? limits.modelListBytes() : limits.errorBodyBytes();
    var headers = head.responseHeaders();
    var body = new ByteArrayOutputStream();
    return bytes
        .takeUntil(part -> !append(body, part, limit))
        .then(Mono.fromSupplier(() -> new Response(status, headers, body, body.size() < limit)));
  }

  private static boolean append(ByteArrayOutputStream body, ByteBuf part, int limit) {
    var array = new byte[Math.min(limit - body.size(), part.readableBytes())];
    part.getBytes(part.readerIndex(), array);
    body.writeBytes(array);
    return body.size() < limit;
  }

  private Response await(
      CompletableFuture<@Nullable Response> future, long deadline, Duration timeout)
      throws InterruptedException {
    try {
      var response = future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (response == null) {
        throw failure(ErrorType.UNAVAILABLE, "no response");
      }
      return response;
    } catch (TimeoutException _) {
      throw failure(ErrorType.TIMEOUT, "no list of models within " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      var problem = e.getCause() == null ? e : e.getCause();
      throw failure(ConnectionFailure.type(problem), ConnectionFailure.describe(problem));
    } finally {
      future.cancel(true);
    }
  }

  private ProviderException failure(ErrorType type, String cause) {
    return new ProviderException(type, redactor.redact(endpoint.settings().name() + ": " + cause));
  }
}
