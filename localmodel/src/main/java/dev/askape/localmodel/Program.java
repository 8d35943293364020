package dev.askape.localmodel;

import dev.askape.http.EventLoops;
import dev.askape.http.HttpServer;
import dev.askape.http.HttpSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// Where the process starts.
public final class Program {
  /// The exit code when trying again is of no use.
  static final int HOPELESS = 3;

  private static final int MAX_KEY = 256;
  private static final int MAX_BODY = 16 << 20;

  private Program() {}

  public static void main(String[] arguments) {
    // native code must not write between what the parent reads
    var out = System.out;
    System.setOut(System.err);
    out.println(start(List.of(arguments), System.in, out));
    out.flush();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException _) {
      Runtime.getRuntime().halt(1);
    }
  }

  // whatever goes wrong is the one line that the parent reads
  @SuppressWarnings("IllegalCatch")
  private static String start(List<String> arguments, InputStream in, PrintStream out) {
    try {
      var options = Options.parse(arguments);
      var key = key(in);
      ParentWatch.start(in);
      var model = NativeModel.load(options);
      var generations = new Generations(options.parallel(), options.queue(), System::nanoTime);
      var server =
          HttpServer.start(
              HttpSettings.defaults().withAddress("127.0.0.1", 0).withMaxBody(MAX_BODY),
              EventLoops.start(1),
              new Routes(model, generations, key).all());
      return "port " + server.port();
    } catch (Throwable e) {
      out.println("error " + describe(e));
      out.flush();
      Runtime.getRuntime().halt(HOPELESS);
      throw new IllegalStateException(e); // not reached
    }
  }

  private static String describe(Throwable problem) {
    var message = problem.getMessage() == null ? problem.toString() : problem.getMessage();
    return message.lines().findFirst().orElse("");
  }

  /// The first line. Read byte by byte: what follows belongs to somebody else.
  private static String key(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n' && line.size() < MAX_KEY; b = in.read()) {
      line.write(b);
    }
    if (line.size() == 0) {
      throw new IOException("there is no key on standard input");
    }
    return line.toString(StandardCharsets.US_ASCII);
  }
}
