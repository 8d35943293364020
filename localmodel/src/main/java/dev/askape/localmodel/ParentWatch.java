package dev.askape.localmodel;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Ends this process when its parent has ended. Two threads that do nothing else, so that they also
/// run when everything else hangs: one waits for the end of standard input, which the parent holds
/// open, the other looks once a second whether the parent is still the same.
final class ParentWatch {
  private static final long LOOK_MILLIS = 1_000;
  private static final int ORPHANED = 0;

  private ParentWatch() {}

  static void start(InputStream input) {
    var parent = ProcessHandle.current().parent().map(ProcessHandle::pid);
    Thread.ofPlatform().daemon().name("parent-input").start(() -> untilEnd(input));
    Thread.ofPlatform().daemon().name("parent-process").start(() -> untilOther(parent));
  }

  private static void untilEnd(InputStream input) {
    try {
      while (input.read() >= 0) {
        // nothing is expected
      }
    } catch (IOException _) {
      // as good as the end
    }
    Runtime.getRuntime().halt(ORPHANED);
  }

  private static void untilOther(Optional<Long> parent) {
    while (ProcessHandle.current().parent().map(ProcessHandle::pid).equals(parent)) {
      try {
        Thread.sleep(LOOK_MILLIS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    Runtime.getRuntime().halt(ORPHANED);
  }
}
