package dev.askape.json;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askape.chat.Answer;
import dev.askape.chat.AnswerRecord;
import dev.askape.chat.Party;
import dev.askape.chat.Price;
import dev.askape.chat.SessionRecord;
import dev.askape.chat.Turn;
import dev.askape.chat.TurnRecord;
import dev.askape.chat.Usage;
import dev.askape.chat.UsageReport;
import dev.askape.chat.UsageSum;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/// Objects as the contract names their fields.
public final class ChatJson {
  private ChatJson() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  public static byte[] quoted(String text) {
    return ('"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"')
        .getBytes(StandardCharsets.UTF_8);
  }

  /// ISO 8601 in UTC, always with milliseconds, as JavaScript writes dates.
  public static String date(Instant instant) {
    var millis = instant.truncatedTo(ChronoUnit.MILLIS).toString();
    return millis.length() == "2026-01-01T00:00:00Z".length()
        ? millis.substring(0, millis.length() - 1) + ".000Z"
        : millis;
  }

  public static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  public static ObjectNode turnNames(Turn turn) {
    return object()
        .put("sessionId", turn.sessionId().value())
        .put("messageId", turn.messageId().value());
  }

  /// What every event about one answer carries.
  public static ObjectNode answerNames(Turn turn, Answer answer) {
    return turnNames(turn)
        .put("modelId", answer.modelId().value())
        .put("modelName", answer.modelName())
        .put("id", answer.id().value());
  }

  public static ObjectNode usage(Usage usage) {
    var json =
        object()
            .put("promptTokens", usage.promptTokens())
            .put("completionTokens", usage.completionTokens());
    usage.cachedTokens().ifPresent(tokens -> json.put("cachedTokens", tokens));
    usage.reasoningTokens().ifPresent(tokens -> json.put("reasoningTokens", tokens));
    usage.cost().ifPresent(cost -> json.put("cost", cost.toDecimal()));
    return json.put("estimated", usage.estimated());
  }

  /// What a million tokens of a model cost.
  public static ObjectNode price(Price price) {
    var json =
        object()
            .put("prompt", price.prompt().toDecimal())
            .put("completion", price.completion().toDecimal());
    price.cached().ifPresent(cached -> json.put("cached", cached.toDecimal()));
    return json;
  }

  /// What answers have used together.
  public static ObjectNode sum(UsageSum sum) {
    return object()
        .put("totalTokensUsed", sum.tokens())
        .put("promptTokens", sum.promptTokens())
        .put("completionTokens", sum.completionTokens())
        .put("cost", sum.cost().toDecimal())
        .put("answers", sum.answers());
  }

  /// How what was used stands to a budget.
  public static ObjectNode budget(UsageReport.State state) {
    var budget = state.budget();
    var json = object().put("per", word(budget.period()));
    budget
        .tokens()
        .ifPresent(most ->
            json.set(
                "tokens",
                object()
                    .put("limit", most)
                    .put("used", state.tokens())
                    .put("left", Math.max(0, most - state.tokens()))));
    budget
        .money()
        .ifPresent(most ->
            json.set(
                "money",
                object()
                    .put("limit", most.toDecimal())
                    .put("used", state.money().toDecimal())
                    .put("left", most.minus(state.money()).toDecimal())));
    state.resetsAt().ifPresent(at -> json.put("resetsAt", date(at)));
    return json;
  }

  /// A session as lists and histories name it.
  public static ObjectNode session(SessionRecord session) {
    return object()
        .put("sessionId", session.id().value())
        .put("title", session.title())
        .put("ownerId", session.owner().id())
        .put("createdAt", date(session.createdAt()))
        .put("updatedAt", date(session.updatedAt()));
  }

  /// Turns as entries of a history: for each its USER entry, then its AI entry.
  public static ArrayNode history(List<TurnRecord> turns) {
    var entries = array();
    for (var turn : turns) {
      entries.add(userEntry(turn)).add(aiEntry(turn));
    }
    return entries;
  }

  private static ObjectNode userEntry(TurnRecord turn) {
    var entry =
        object()
            .put("id", turn.userMessageId().value())
            .put("role", "USER")
            .put("content", turn.content())
            .put("tokensUsed", turn.tokens())
            .put("createdAt", date(turn.createdAt()));
    addSender(entry, turn.sender());
    return entry;
  }

  /// Who sent it, if it was a user: a guest's id is nobody's business, for whoever knows it is that
  /// guest.
  public static void addSender(ObjectNode json, Party sender) {
    if (sender instanceof Party.User(var id)) {
      json.put("userId", id).set("sender", object().put("id", id).put("name", id));
    }
  }

  private static ObjectNode aiEntry(TurnRecord turn) {
    var answers = array();
    turn.answers().forEach(answer -> answers.add(answer(answer)));
    var entry =
        object()
            .put("id", turn.messageId().value())
            .put("role", "AI")
            .put("content", "")
            .put(
                "tokensUsed",
                turn.answers().stream().mapToLong(a -> a.usage().completionTokens()).sum());
    entry.set("aiResponses", answers);
    return entry.put("createdAt", date(turn.createdAt()));
  }

  private static ObjectNode answer(AnswerRecord answer) {
    var json =
        object()
            .put("id", answer.id().value())
            .put("modelId", answer.modelId().value())
            .put("modelName", answer.modelName())
            .put("content", answer.content())
            .put("tokensUsed", answer.usage().completionTokens())
            .put("createdAt", date(answer.createdAt()))
            .put("state", word(answer.state()))
            .put("attempt", answer.attempt());
    answer.servedBy().ifPresent(other -> json.put("servedBy", other.value()));
    if (!answer.reasoning().isEmpty()) {
      json.put("reasoning", answer.reasoning());
    }
    answer
        .error()
        .ifPresent(failure ->
            json.put("error", failure.type().sentence())
                .put("errorType", word(failure.type()))
                .put("errorId", failure.errorId())
                .put("retryable", failure.type().retryable()));
    answer.finishReason().ifPresent(reason -> json.put("finishReason", word(reason)));
    if (answer.state().isTerminal()) {
      json.set("usage", usage(answer.usage()));
    }
    answer.firstTokenMs().ifPresent(ms -> json.put("firstTokenMs", ms));
    answer.durationMs().ifPresent(ms -> json.put("durationMs", ms));
    return json;
  }
}
