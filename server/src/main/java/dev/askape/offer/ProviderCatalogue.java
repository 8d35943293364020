package dev.askape.offer;

import dev.askape.chat.IdPattern;
import dev.askape.chat.Model;
import dev.askape.config.Settings;
import dev.askape.provider.ListedModel;
import dev.askape.provider.Provider;
import dev.askape.provider.ProviderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Asks a provider again and again which models it has. What it said last holds while it does not
/// answer; a model that stays keeps its breaker.
public final class ProviderCatalogue implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderCatalogue.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);
  private static final int MAX_ID = 256;

  private final Provider provider;
  private final Settings.Catalogue settings;
  private final List<IdPattern> include;
  private final List<IdPattern> exclude;
  private final BiFunction<String, ListedModel, Model> made;
  private Map<ListedModel, Model> known = Map.of();
  private String said = "";
  private boolean answered;
  private @Nullable Thread thread;

  /// @param made a model from the prefix of its id and what the provider says of it
  ProviderCatalogue(
      Provider provider, Settings.Catalogue settings, BiFunction<String, ListedModel, Model> made) {
    this.provider = provider;
    this.settings = settings;
    this.include = settings.include().stream().map(IdPattern::new).toList();
    this.exclude = settings.exclude().stream().map(IdPattern::new).toList();
    this.made = made;
  }

  String name() {
    return provider.name();
  }

  /// Asks once; blocks. One call at a time.
  ///
  /// @return empty when it does not answer, which is logged
  Optional<List<Model>> ask() throws InterruptedException {
    try {
      var models = models(provider.listModels(PATIENCE));
      answered = true;
      say(provider.name() + " offers " + models.size() + " models", true);
      return Optional.of(models);
    } catch (ProviderException e) {
      answered = false;
      say("no list of models: " + e.getMessage(), false);
      return Optional.empty();
    }
  }

  private List<Model> models(List<ListedModel> listed) {
    var next = new HashMap<ListedModel, Model>();
    var models = new ArrayList<Model>();
    for (var one : listed) {
      if (isWanted(one.id())) {
        var before = known.get(one);
        var model = before == null ? made.apply(settings.prefix(), one) : before;
        next.put(one, model);
        models.add(model);
      }
    }
    known = next;
    return models;
  }

  private boolean isWanted(String id) {
    return settings.prefix().length() + id.length() <= MAX_ID
        && include.stream().anyMatch(it -> it.matches(id))
        && exclude.stream().noneMatch(it -> it.matches(id));
  }

  private void say(String words, boolean good) {
    if (!words.equals(said)) {
      said = words;
      LOG.atLevel(good ? Level.INFO : Level.WARN).log(words);
    }
  }

  /// Asks from now on in the background, and tells each time what there is.
  void start(Consumer<List<Model>> found) {
    thread = Thread.ofVirtual().name("models-of-" + name()).start(() -> run(found));
  }

  private void run(Consumer<List<Model>> found) {
    try {
      while (true) {
        Thread.sleep(pause());
        ask().ifPresent(found);
      }
    } catch (InterruptedException _) {
      // closed
    }
  }

  private Duration pause() {
    boolean soon = !answered && AFTER_FAILURE.compareTo(settings.refresh()) < 0;
    return soon ? AFTER_FAILURE : settings.refresh();
  }

  @Override
  public void close() {
    if (thread != null) {
      thread.interrupt();
    }
  }
}
