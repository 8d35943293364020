package dev.askape.storage.mongo;

import static dev.askape.storage.mongo.Values.constant;
import static dev.askape.storage.mongo.Values.instant;
import static dev.askape.storage.mongo.Values.lower;
import static dev.askape.storage.mongo.Values.number;
import static dev.askape.storage.mongo.Values.optionalNumber;
import static dev.askape.storage.mongo.Values.optionalText;
import static dev.askape.storage.mongo.Values.put;
import static dev.askape.storage.mongo.Values.text;

import dev.askape.chat.AnswerId;
import dev.askape.chat.AnswerPart;
import dev.askape.chat.AnswerRecord;
import dev.askape.chat.AnswerRecord.Failure;
import dev.askape.chat.AnswerState;
import dev.askape.chat.ErrorType;
import dev.askape.chat.FinishReason;
import dev.askape.chat.ModelId;
import dev.askape.chat.Money;
import dev.askape.chat.Usage;
import dev.askape.chat.WellFormed;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/// Answers as they stand in `aiResponses`, and the parts of those that run.
final class AnswerDocuments {
  private AnswerDocuments() {}

  static Document of(AnswerRecord answer) {
    var document =
        new Document("id", answer.id().value())
            .append("modelId", answer.modelId().value())
            .append("modelName", WellFormed.text(answer.modelName()))
            .append("content", WellFormed.text(answer.content()))
            .append("tokensUsed", answer.usage().completionTokens());
    put(document, "createdAt", answer.createdAt());
    document
        .append("state", lower(answer.state()))
        .append("place", answer.place())
        .append("attempt", answer.attempt())
        .append("reasoning", WellFormed.text(answer.reasoning()))
        .append("fragments", answer.fragments());
    answer
        .error()
        .ifPresent(error ->
            document.append(
                "error",
                new Document("type", lower(error.type())).append("errorId", error.errorId())));
    put(document, "finishReason", answer.finishReason().map(Values::lower));
    document.append("usage", usage(answer.usage()));
    put(document, "firstTokenMs", answer.firstTokenMs());
    put(document, "durationMs", answer.durationMs());
    put(document, "servedBy", answer.servedBy().map(ModelId::value));
    return document;
  }

  private static Document usage(Usage usage) {
    var document =
        new Document("promptTokens", usage.promptTokens())
            .append("completionTokens", usage.completionTokens());
    put(document, "cachedTokens", usage.cachedTokens());
    put(document, "reasoningTokens", usage.reasoningTokens());
    usage.cost().ifPresent(cost -> document.append("costBillionths", cost.billionths()));
    return document.append("estimated", usage.estimated());
  }

  /// @param parts what it said since it began, if it runs
  static AnswerRecord read(Document from, List<Document> parts) {
    return new AnswerRecord(
        new AnswerId(text(from, "id")),
        new ModelId(text(from, "modelId")),
        text(from, "modelName"),
        place(from),
        (int) number(from, "attempt"),
        state(from),
        continued(text(from, "content"), parts, AnswerPart.Kind.TEXT),
        continued(text(from, "reasoning"), parts, AnswerPart.Kind.REASONING),
        number(from, "fragments"),
        Optional.ofNullable(from.get("error", Document.class)).map(AnswerDocuments::failure),
        optionalText(from, "finishReason").map(name -> constant(FinishReason.class, name)),
        Optional.ofNullable(from.get("usage", Document.class))
            .map(AnswerDocuments::readUsage)
            .orElseGet(() -> Usage.counted(0, 0)),
        optionalNumber(from, "firstTokenMs"),
        optionalNumber(from, "durationMs"),
        instant(from, "createdAt"),
        optionalText(from, "servedBy").map(ModelId::new));
  }

  /// What is booked for an answer, where that is not what can be seen of its use.
  static Document charged(Document answer, Usage charged) {
    return answer.append("charged", usage(charged));
  }

  /// What is booked for an answer.
  static Usage booked(Document answer) {
    return Optional.ofNullable(answer.get("charged", Document.class))
        .or(() -> Optional.ofNullable(answer.get("usage", Document.class)))
        .map(AnswerDocuments::readUsage)
        .orElseGet(() -> Usage.counted(0, 0));
  }

  static int place(Document answer) {
    return (int) number(answer, "place");
  }

  static AnswerState state(Document answer) {
    return constant(AnswerState.class, text(answer, "state"));
  }

  private static Failure failure(Document error) {
    return new Failure(constant(ErrorType.class, text(error, "type")), text(error, "errorId"));
  }

  private static Usage readUsage(Document usage) {
    var cost = optionalNumber(usage, "costBillionths");
    return new Usage(
        number(usage, "promptTokens"),
        number(usage, "completionTokens"),
        optionalNumber(usage, "cachedTokens"),
        optionalNumber(usage, "reasoningTokens"),
        cost.isPresent() ? Optional.of(new Money(cost.getAsLong())) : Optional.empty(),
        usage.getBoolean("estimated", true));
  }

  static Document of(AnswerPart part) {
    return new Document("kind", lower(part.kind()))
        .append("offset", part.offset())
        .append("text", Values.stretch(part.text()));
  }

  /// The text of an answer: how it began and what was appended. Parts may overlap and come twice;
  /// what comes after a gap is left out, so that it is always a beginning of what was said.
  private static String continued(String start, List<Document> parts, AnswerPart.Kind kind) {
    var said =
        parts.stream()
            .filter(part -> text(part, "kind").equals(lower(kind)))
            .sorted(Comparator.comparingLong(part -> number(part, "offset")))
            .toList();
    var text = new StringBuilder(start);
    for (var part : said) {
      var stretch = Values.stretch(part, "text");
      int known = (int) (text.length() - number(part, "offset"));
      if (known < 0) {
        break;
      }
      if (known < stretch.length()) {
        text.append(stretch, known, stretch.length());
      }
    }
    return text.toString();
  }
}
