package dev.askape.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askape.chat.Money;
import dev.askape.chat.Price;
import dev.askape.provider.http.ModelPage;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;

/// What entries of lists of models say besides the id, as different servers have it.
///
/// Hugging Face's router lists for each model those who serve it; it may pass a question on to any
/// of them, so what counts is the smallest window and the highest price.
final class ListedFields {
  private static final List<String> WINDOWS =
      List.of("context_length", "max_model_len", "context_window", "max_context_length");

  /// OpenRouter has `-1` where it cannot say.
  private static final Pattern AMOUNT =
      Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,18})?([eE]-[0-9]{1,2})?");

  private static final int PER_TOKEN = 6; // digits from one to a million

  private ListedFields() {}

  static OptionalInt window(JsonNode entry) {
    for (var name : WINDOWS) {
      var window = ModelPage.count(entry, name);
      if (window.isPresent()) {
        return window;
      }
    }
    var trained = ModelPage.count(entry.path("meta"), "n_ctx_train");
    return trained.isPresent() ? trained : smallestWindow(entry.path("providers"));
  }

  private static OptionalInt smallestWindow(JsonNode servers) {
    var smallest = OptionalInt.empty();
    for (var server : servers) {
      var window = ModelPage.count(server, "context_length");
      if (window.isPresent() && (smallest.isEmpty() || window.getAsInt() < smallest.getAsInt())) {
        smallest = window;
      }
    }
    return smallest;
  }

  /// `pricing` in OpenRouter's form (a token's price, as a text) or, of `providers`, in that of
  /// Hugging Face's router (a million's).
  static Optional<Price> price(JsonNode entry) {
    var pricing = entry.path("pricing");
    var prompt = amount(pricing.path("prompt"), PER_TOKEN);
    var completion = amount(pricing.path("completion"), PER_TOKEN);
    if (prompt.isEmpty() || completion.isEmpty()) {
      return highest(entry.path("providers"));
    }
    var cached = amount(pricing.path("input_cache_read"), PER_TOKEN);
    return Optional.of(new Price(prompt.get(), completion.get(), cached));
  }

  /// Only when all that serve it have one.
  private static Optional<Price> highest(JsonNode servers) {
    var prompt = highest(servers, server -> amount(server.path("pricing").path("input"), 0));
    var completion = highest(servers, server -> amount(server.path("pricing").path("output"), 0));
    return prompt.isEmpty() || completion.isEmpty()
        ? Optional.empty()
        : Optional.of(new Price(prompt.get(), completion.get(), Optional.empty()));
  }

  private static Optional<Money> highest(
      JsonNode servers, Function<JsonNode, Optional<Money>> amount) {
    var highest = Optional.<Money>empty();
    for (var server : servers) {
      var one = amount.apply(server);
      if (one.isEmpty()) {
        return one;
      }
      if (highest.isEmpty() || one.get().compareTo(highest.get()) > 0) {
        highest = one;
      }
    }
    return highest;
  }

  /// @param digits by which it is moved to be the price of a million
  private static Optional<Money> amount(JsonNode value, int digits) {
    var text = value.asText();
    return AMOUNT.matcher(text).matches()
        ? Optional.of(Money.of(new BigDecimal(text).movePointRight(digits)))
        : Optional.empty();
  }
}
