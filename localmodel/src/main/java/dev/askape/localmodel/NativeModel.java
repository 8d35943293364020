package dev.askape.localmodel;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.Pair;
import de.kherud.llama.args.CacheType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// A GGUF file in llama.cpp. It is never closed: the process ends instead.
final class NativeModel implements TextModel {
  /// Prompt tokens that are computed at a stretch; meanwhile other answers wait for their next one.
  private static final int BATCH = 256;

  private static final int REPEAT_WINDOW = 256;
  private static final Duration LEFT_OVER = Duration.ofMinutes(10);

  private final LlamaModel model;
  private final int context;

  private NativeModel(LlamaModel model, int context) {
    this.model = model;
    this.context = context;
  }

  /// Loads the library and the file; takes a second or so.
  ///
  /// @throws RuntimeException when the file cannot be used; the library's exceptions have no public
  ///   type of their own
  /// @throws UnsatisfiedLinkError when there is no library for this machine
  static NativeModel load(Options options) {
    var folder = unpackTo(options.natives());
    try {
      // llama.cpp divides what it is given among the answers at once
      var parameters =
          new ModelParameters()
              .setModel(options.model().toString())
              .setCtxSize(options.context() * options.parallel())
              .setParallel(options.parallel())
              .setThreads(options.threads())
              .setThreadsBatch(options.threads())
              .setBatchSize(BATCH)
              .setUbatchSize(BATCH);
      if (options.compact()) {
        // values in 8 bits need flash attention
        parameters.enableFlashAttn().setCacheTypeK(CacheType.Q8_0).setCacheTypeV(CacheType.Q8_0);
      }
      return new NativeModel(new LlamaModel(parameters), options.context());
    } finally {
      remove(folder);
    }
  }

  @Override
  public int context() {
    return context;
  }

  /// The template is applied to marks that stand for the texts: what the library gives back has
  /// lost every character above U+FFFF and all that follows a NUL.
  @Override
  public String prompt(List<Message> messages) {
    var mark = "m" + UUID.randomUUID().toString().replace("-", "") + "x";
    String system = null;
    var turns = new ArrayList<Pair<String, String>>();
    for (int i = 0; i < messages.size(); i++) {
      var role = messages.get(i).role();
      if (i == 0 && role.equals("system")) {
        system = mark + i + "x";
      } else {
        turns.add(new Pair<>(role.equals("assistant") ? role : "user", mark + i + "x"));
      }
    }
    var template = template(system, turns);
    var prompt = new StringBuilder();
    int from = 0;
    for (int i = 0; i < messages.size(); i++) {
      var one = mark + i + "x";
      int at = template.indexOf(one, from);
      if (at < 0) {
        throw new IllegalStateException("the model's template leaves messages out");
      }
      prompt.append(template, from, at).append(messages.get(i).content().replace('\0', ' '));
      from = at + one.length();
    }
    return prompt.append(template, from, template.length()).toString();
  }

  // without a system prompt the library wants null
  @SuppressWarnings("NullAway")
  private String template(
      @org.jspecify.annotations.Nullable String system, List<Pair<String, String>> turns) {
    return model.applyTemplate(new InferenceParameters("").setMessages(system, turns));
  }

  @Override
  public int countTokens(String text) {
    return model.encode(text).length;
  }

  @Override
  public void generate(String prompt, Sampling sampling, Predicate<String> sink) {
    var parameters =
        new InferenceParameters(prompt)
            .setTemperature(sampling.temperature())
            .setRepeatPenalty(sampling.repeatPenalty())
            .setRepeatLastN(REPEAT_WINDOW)
            .setNPredict(sampling.maxTokens())
            .setCachePrompt(true);
    if (!sampling.stop().isEmpty()) {
      parameters.setStopStrings(sampling.stop().toArray(String[]::new));
    }
    var pieces = model.generate(parameters).iterator();
    while (pieces.hasNext()) {
      if (!sink.test(pieces.next().text)) {
        pieces.cancel();
        return;
      }
    }
  }

  /// The library is unpacked to one name in the folder for temporary files, where another process
  /// may be running from it; so each process has a folder of its own for the moment of loading.
  private static Path unpackTo(Path natives) {
    try {
      Files.createDirectories(natives);
      removeLeftOvers(natives);
      var folder = Files.createTempDirectory(natives, "lib");
      System.setProperty("de.kherud.llama.tmpdir", folder.toString());
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Of processes that were killed in that moment.
  private static void removeLeftOvers(Path natives) throws IOException {
    var old = Instant.now().minus(LEFT_OVER);
    try (Stream<Path> folders = Files.list(natives)) {
      for (var folder : folders.toList()) {
        if (Files.getLastModifiedTime(folder).toInstant().isBefore(old)) {
          remove(folder);
        }
      }
    }
  }

  /// Once loaded it is no longer needed; Windows keeps it all the same.
  private static void remove(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException _) {
      // some megabytes stay behind
    }
  }
}
