package dev.askape.provider.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// A child without a model: it says its process id, and no more if it is asked for
/// `smollm2-inventive`, which then never ends. How it behaves is the first argument.
final class FakeChild {
  private FakeChild() {}

  /// The command that starts it.
  ///
  /// @param behaviour `good`, `refuse` and `no library` (says that it cannot), `die` (at once),
  ///   `once` (dies at its first start, is good afterwards), `stuck` (its health is bad) or `reads`
  ///   (says that it cannot where the weights are not [FakePip#WEIGHTS])
  static List<String> command(String behaviour) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-cp",
        classes(),
        FakeChild.class.getName(),
        behaviour);
  }

  private static String classes() {
    try {
      return new File(FakeChild.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .getPath();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public static void main(String[] arguments) throws Exception {
    var behaviour = arguments[0];
    int key = System.in.read();
    if (key < 0) {
      System.exit(1);
    }
    Thread.ofPlatform().start(FakeChild::untilEndOfInput);
    switch (behaviour) {
      case "refuse" -> refuse("x: error loading model: no such architecture");
      case "no library" -> refuse("/n/libjllama.so: libgomp.so.1: cannot open shared object file");
      case "reads" -> refuseOthers(Path.of(arguments[1].substring("--model=".length())));
      case "die" -> Runtime.getRuntime().halt(134);
      case "once" -> {
        var mark = Path.of("started-before");
        if (!Files.exists(mark)) {
          Files.createFile(mark);
          Runtime.getRuntime().halt(134);
        }
      }
      default -> {}
    }
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/health",
        exchange -> {
          exchange.sendResponseHeaders(behaviour.equals("stuck") ? 503 : 200, -1);
          exchange.close();
        });
    server.createContext("/v1/chat/completions", FakeChild::answer);
    server.start();
    System.out.println("port " + server.getAddress().getPort());
    System.out.flush();
  }

  private static void refuseOthers(Path weights) throws IOException {
    if (!Arrays.equals(Files.readAllBytes(weights), FakePip.WEIGHTS)) {
      refuse("x: error loading model: damaged");
    }
  }

  private static void refuse(String complaint) {
    System.err.println(complaint);
    System.out.println("error could not load");
    System.out.flush();
    Runtime.getRuntime().halt(3);
  }

  private static void untilEndOfInput() {
    try {
      while (System.in.read() >= 0) {
        // wait on
      }
    } catch (IOException _) {
      // the end as well
    }
    Runtime.getRuntime().halt(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    var out = exchange.getResponseBody();
    out.write(event("{\"content\":\"" + ProcessHandle.current().pid() + "\"}", "null"));
    out.flush();
    if (body.contains("inventive")) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    out.write(event("{}", "\"stop\""));
    out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
    exchange.close();
  }

  private static byte[] event(String delta, String finish) {
    return ("data: {\"choices\":[{\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}\n\n")
        .getBytes(StandardCharsets.UTF_8);
  }
}
