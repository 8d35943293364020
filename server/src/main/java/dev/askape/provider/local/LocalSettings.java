package dev.askape.provider.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What it takes to run the models of this machine.
///
/// @param folder for the weights and what is unpacked at start
/// @param model a GGUF file to use instead of the weights that are fetched
/// @param threads that compute
/// @param context tokens of one conversation, prompt and answer together
/// @param program the command that starts the child, before its options; empty when this build has
///   none
/// @param python commands of which the first that can be started fetches the weights
public record LocalSettings(
    Path folder,
    Optional<Path> model,
    int threads,
    int context,
    List<String> program,
    List<String> python,
    Limits limits) {
  /// Answers at once; llama.cpp shares the cores among them.
  static final int PARALLEL = 3;

  /// Answers that may wait for one of these.
  static final int QUEUE = 32;

  public LocalSettings {
    folder = folder.toAbsolutePath().normalize();
    model = model.map(file -> file.toAbsolutePath().normalize());
    program = List.copyOf(program);
    python = List.copyOf(python);
  }

  /// With the usual program, Python and limits.
  public static LocalSettings of(Path folder, Optional<Path> model, int threads, int context) {
    return new LocalSettings(
        folder,
        model,
        threads,
        context,
        ChildProgram.command(),
        List.of("python3", "python"),
        Limits.DEFAULTS);
  }

  /// Threads for a machine with this many cores: more than four do so small a model no good.
  public static int usualThreads(int cores) {
    return Math.min(cores, Math.clamp(cores / 2, 2, 4));
  }

  /// How long things may take.
  ///
  /// @param start from the child's start to its port
  /// @param look from one look at its health to the next
  /// @param unanswered looks without an answer for so long end it
  /// @param firstPause before it is started again; doubled each time up to `longestPause`
  /// @param steady after running for so long, or saying anything, the pause is the first again
  /// @param starts in a row that come to nothing before it is given up
  /// @param patience of a message while the child is starting
  /// @param stalled a fetch that gets nothing for so long is ended
  /// @param refetch pause before a fetch that failed is tried again; doubled each time up to ten
  ///   times as long
  public record Limits(
      Duration start,
      Duration look,
      Duration unanswered,
      Duration firstPause,
      Duration longestPause,
      Duration steady,
      int starts,
      Duration patience,
      Duration stalled,
      Duration refetch) {
    public static final Limits DEFAULTS =
        new Limits(
            Duration.ofSeconds(60),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofMillis(500),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            5,
            Duration.ofSeconds(15),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30));
  }
}
