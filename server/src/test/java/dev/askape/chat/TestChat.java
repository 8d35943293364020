package dev.askape.chat;

import static dev.askape.chat.Waiting.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.storage.sqlite.SqliteSettings;
import dev.askape.storage.sqlite.SqliteStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;

/// A whole chat with scripted models and a watched store in memory.
final class TestChat implements AutoCloseable {
  static final SessionId S = new SessionId("s");
  static final Asker ANNA = user("anna");
  static final Asker BERT = user("bert");
  static final Asker GUEST = guest("guest_1");

  final MovedClock clock = new MovedClock();
  final WatchedStore store = new WatchedStore(SqliteStore.open(SqliteSettings.memory()));
  final Chat chat;
  private final Quiet quiet = new Quiet("dev.askape.chat");
  private final Map<String, ScriptedModel> models = new LinkedHashMap<>();

  TestChat(Consumer<TestSettings> change, String... modelIds) {
    var settings = new TestSettings();
    change.accept(settings);
    for (var id : modelIds) {
      models.put(id, new ScriptedModel());
    }
    var offered =
        models.entrySet().stream()
            .map(m -> settings.models.apply(model(m.getKey(), m.getValue())))
            .toList();
    chat =
        new Chat(store, new Models(offered, List.of()), TestChat::words, settings.build(), clock);
  }

  TestChat(String... modelIds) {
    this(_ -> {}, modelIds);
  }

  static Model model(String id, LanguageModel language) {
    return new Model(
        new ModelId(id),
        "Model " + id,
        "scripted",
        true,
        OptionalInt.empty(),
        Optional.empty(),
        ModelParameters.DEFAULTS,
        language,
        () -> true);
  }

  /// The same model with another context window, and a limit of its answers or none.
  static Model sized(Model model, int window, OptionalInt maxTokens) {
    return new Model(
        model.id(),
        model.name(),
        model.provider(),
        model.isDefault(),
        OptionalInt.of(window),
        model.systemPrompt(),
        new ModelParameters(OptionalDouble.empty(), maxTokens, List.of(), Optional.empty()),
        model.price(),
        model.fallback(),
        model.language(),
        model.available());
  }

  /// So many billionths for a million tokens, which is so many millionths of one for a token.
  static Price price(long prompt, long completion) {
    return new Price(
        new Money(prompt * 1_000_000), new Money(completion * 1_000_000), Optional.empty());
  }

  /// Counts a token for each word.
  static int words(String text) {
    return text.isBlank() ? 0 : text.strip().split("\\s+").length;
  }

  static Asker user(String id) {
    return new Asker(new Party.User(id));
  }

  static Asker guest(String id) {
    return new Asker(new Party.Guest(id));
  }

  static Asker both(String user, String guest) {
    return Asker.of(Optional.of(user), Optional.of(guest));
  }

  ScriptedModel model(String id) {
    return Optional.ofNullable(models.get(id)).orElseThrow();
  }

  static Post message(SessionId session, Asker asker, String content, String... models) {
    return message(session, asker, content, Optional.empty(), models);
  }

  static Post message(
      SessionId session,
      Asker asker,
      String content,
      Optional<ClientMessageId> clientId,
      String... models) {
    var ids = Arrays.stream(models).map(ModelId::new).toList();
    return new Post(session, asker, "origin", content, ids, clientId);
  }

  /// Posts a message that is accepted.
  Turn post(Asker asker, String content, String... models) {
    return accepted(message(S, asker, content, models));
  }

  Turn accepted(Post post) {
    var result = chat.post(post);
    assertThat(result).isInstanceOf(PostResult.Accepted.class);
    return ((PostResult.Accepted) result).turn();
  }

  /// Posts a message and has its one model say something, to the end.
  Turn said(Asker asker, String content, String model, String answer) {
    var turn = post(asker, content, model);
    var call = model(model).nextCall();
    call.says(answer);
    call.finishes();
    awaitOver(turn);
    return turn;
  }

  static void awaitOver(Turn turn) {
    soon().until(turn::isOver);
  }

  static Ending ending(Answer answer) {
    return soon().until(answer::ending, Optional::isPresent).orElseThrow();
  }

  /// As the store has it.
  TurnRecord stored(Turn turn) {
    return store.findTurn(turn.sessionId(), turn.messageId()).orElseThrow();
  }

  static Refusal refusal(PostResult result) {
    assertThat(result).isInstanceOf(PostResult.Refused.class);
    return ((PostResult.Refused) result).why();
  }

  static Refusal refusal(JoinResult result) {
    assertThat(result).isInstanceOf(JoinResult.Refused.class);
    return ((JoinResult.Refused) result).why();
  }

  static Refusal refusal(Result<?> result) {
    assertThat(result).isInstanceOf(Result.Refused.class);
    return ((Result.Refused<?>) result).why();
  }

  static <T> T value(Result<T> result) {
    return switch (result) {
      case Result.Ok<T>(var value) -> value;
      case Result.Refused<T>(var why) -> throw new AssertionError("refused: " + why);
    };
  }

  @Override
  public void close() {
    chat.drain(Duration.ZERO);
    chat.close();
    store.close();
    quiet.close();
  }
}
