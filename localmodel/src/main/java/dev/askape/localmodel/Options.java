package dev.askape.localmodel;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How the program was started.
///
/// @param model the GGUF file
/// @param natives a folder that the native library may be unpacked to
/// @param context tokens of one conversation, prompt and answer together
/// @param threads that compute
/// @param parallel answers at once
/// @param queue answers that may wait; more are turned away
/// @param compact whether what is remembered of each token takes half the memory; not every model
///   can do with that
record Options(
    Path model, Path natives, int context, int threads, int parallel, int queue, boolean compact) {
  Options {
    between("context", context, 256, 131_072);
    between("threads", threads, 1, 256);
    between("parallel", parallel, 1, 64);
    between("queue", queue, 0, 10_000);
  }

  /// Reads `--name=value` for each of the components.
  ///
  /// @throws IllegalArgumentException when one is missing, unknown or out of range
  static Options parse(List<String> arguments) {
    var given = new HashMap<String, String>();
    for (var argument : arguments) {
      int equals = argument.indexOf('=');
      if (!argument.startsWith("--") || equals < 0) {
        throw new IllegalArgumentException("not --name=value: " + argument);
      }
      given.put(argument.substring(2, equals), argument.substring(equals + 1));
    }
    var options =
        new Options(
            Path.of(take(given, "model")),
            Path.of(take(given, "natives")),
            number(given, "context"),
            number(given, "threads"),
            number(given, "parallel"),
            number(given, "queue"),
            yesOrNo(given, "compact"));
    if (!given.isEmpty()) {
      throw new IllegalArgumentException("unknown: " + given.keySet());
    }
    return options;
  }

  private static int number(Map<String, String> given, String name) {
    return Integer.parseInt(take(given, name));
  }

  private static boolean yesOrNo(Map<String, String> given, String name) {
    return switch (take(given, name)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(name + " must be true or false");
    };
  }

  private static String take(Map<String, String> given, String name) {
    var value = given.remove(name);
    if (value == null) {
      throw new IllegalArgumentException("--" + name + " is missing");
    }
    return value;
  }

  private static void between(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + " must be " + min + " to " + max);
    }
  }
}
