package dev.askape.bench.faults;

import dev.askape.fixture.Toxiproxy.Stream;
import java.util.Random;

/// What can happen to MongoDB, or on the way there.
enum Fault {
  /// Connections are ended, new ones refused.
  REFUSED("refused"),
  /// Nothing gets through, and no connection ends.
  HUNG("hung"),
  /// What is asked is done, and nobody hears of it.
  ANSWERS_LOST("answers lost"),
  /// What is asked is done or not, and the connection is reset.
  RESET("reset"),
  SLOW("2 s slow"),
  /// Connections end after some bytes, in the middle of a request or an answer.
  CUT("cut"),
  /// The process is stopped in its tracks (SIGSTOP) and goes on later with what it got.
  STOPPED("stopped"),
  /// The process is killed (SIGKILL) and started again.
  KILLED("killed");

  private static final int SLOW_MS = 2_000;
  private static final int MOST_BYTES = 20_000;
  private static final int MOST_RESET_MS = 500;

  private final String title;

  Fault(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  void begin(Database database, Random random) {
    var proxy = database.proxy();
    switch (this) {
      case REFUSED -> proxy.refuse();
      case HUNG -> {
        proxy.hang(Stream.UPSTREAM);
        proxy.hang(Stream.DOWNSTREAM);
      }
      case ANSWERS_LOST -> proxy.hang(Stream.DOWNSTREAM);
      case RESET -> proxy.reset(either(random), random.nextInt(MOST_RESET_MS));
      case SLOW -> proxy.slow(Stream.DOWNSTREAM, SLOW_MS);
      case CUT -> proxy.cutAfter(either(random), random.nextInt(1, MOST_BYTES));
      case STOPPED -> database.server().stop();
      case KILLED -> database.server().kill();
    }
  }

  private static Stream either(Random random) {
    return random.nextBoolean() ? Stream.UPSTREAM : Stream.DOWNSTREAM;
  }

  void end(Database database) {
    switch (this) {
      case STOPPED -> database.server().resume();
      case KILLED -> database.server().restart();
      case REFUSED, HUNG, ANSWERS_LOST, RESET, SLOW, CUT -> database.proxy().heal();
    }
  }
}
