package dev.askape.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides, before anything is written, whom a turn asks, with what, and what that may use. Safe
/// for any thread.
///
/// Where a budget applies, prompts are made and counted now, and every answer gets an upper limit,
/// which is what its provider is told. Elsewhere prompts are made when they are needed.
final class TurnPlanner {
  private static final Logger LOG = LoggerFactory.getLogger(TurnPlanner.class);

  private final Models models;
  private final ContextWindow context;
  private final TokenCounter tokens;
  private final Budgets budgets;

  TurnPlanner(Models models, ContextWindow context, TokenCounter tokens, Budgets budgets) {
    this.models = models;
    this.context = context;
    this.tokens = tokens;
    this.budgets = budgets;
  }

  /// Blocks where a budget applies and the session has earlier turns.
  ///
  /// @return empty when what a turn may use does not even pay for the prompts and a word of each
  ///   answer, or when a budget in money applies to a model whose price is not known
  Optional<TurnPlan> plan(Party sender, List<ModelId> asked, String content, EarlierTurns earlier) {
    var budget = budgets.of(sender);
    if (budget.isEmpty() && budgets.turn().isEmpty()) {
      return Optional.of(unlimited(asked, content, earlier));
    }
    boolean inMoney =
        budget.flatMap(Budget::money).isPresent()
            || budgets.turn().flatMap(Budgets.OfTurn::money).isPresent();
    var drafts = new ArrayList<List<Draft>>();
    for (var id : asked) {
      if (inMoney && modelsFor(id).stream().anyMatch(model -> model.price().isEmpty())) {
        LOG.warn("model={} refused: it has no price, and a budget in money applies", id);
        return Optional.empty();
      }
      drafts.add(modelsFor(id).stream().map(model -> draft(model, content, earlier)).toList());
    }
    var left = leftByPrompts(drafts);
    var candidates = new ArrayList<List<Candidate>>();
    var holds = new ArrayList<Hold>();
    var bounds = new ArrayList<TurnMeter.Bounds>();
    for (var place : drafts) {
      var limited = place.stream().map(draft -> draft.within(left)).toList();
      if (limited.stream().anyMatch(draft -> draft.most() < 1)) {
        return Optional.empty();
      }
      candidates.add(limited.stream().map(Draft::candidate).toList());
      holds.add(hold(limited));
      bounds.add(bounds(limited));
    }
    return Optional.of(
        new TurnPlan(
            candidates,
            new Reservation(budget, holds),
            new TurnMeter(tokens, budgets.turn(), bounds)));
  }

  private TurnPlan unlimited(List<ModelId> asked, String content, EarlierTurns earlier) {
    var candidates = new ArrayList<List<Candidate>>();
    for (var id : asked) {
      candidates.add(
          modelsFor(id).stream()
              .map(model ->
                  new Candidate(
                      model,
                      context.windowOf(model),
                      false,
                      () -> context.prompt(model, earlier.get(), content)))
              .toList());
    }
    return new TurnPlan(candidates, Reservation.NONE, TurnMeter.UNLIMITED);
  }

  /// The model, and the one that answers in its place; of that one's own it is not asked.
  private List<Model> modelsFor(ModelId id) {
    var found = new ArrayList<Model>(2);
    models
        .find(id)
        .ifPresent(model -> {
          found.add(model);
          model
              .fallback()
              .filter(other -> !other.equals(id))
              .flatMap(models::find)
              .ifPresent(found::add);
        });
    return found;
  }

  private Draft draft(Model model, String content, EarlierTurns earlier) {
    var asked = context.prompt(model, earlier.get(), content);
    int window = context.windowOf(model);
    int usual = Math.max(1, Math.clamp(window - asked.tokensAtMost(), 0, budgets.answerTokens()));
    int most = model.parameters().maxTokens().orElse(usual);
    return new Draft(model, window, asked, most, false);
  }

  /// A call that is being planned.
  ///
  /// @param most tokens of its answer
  private record Draft(
      Model model, int window, ContextWindow.Framed asked, int most, boolean cutByTurn) {
    Draft within(Budgets.OfTurn left) {
      long paid =
          left.money()
              .flatMap(money -> model.price().map(price -> price.tokensFor(money)))
              .orElse(Long.MAX_VALUE);
      long allowed = Math.min(left.tokens().orElse(Long.MAX_VALUE), paid);
      return allowed >= most
          ? this
          : new Draft(model, window, asked, Math.toIntExact(allowed), true);
    }

    Candidate candidate() {
      var limited = asked.withMaxTokens(most);
      return new Candidate(model, window, cutByTurn, () -> limited);
    }

    Money promptCost() {
      return cost(0);
    }

    Money cost(long completionTokens) {
      return model
          .price()
          .map(p -> p.of(asked.tokensAtMost(), completionTokens))
          .orElse(Money.ZERO);
    }

    Money completionPrice() {
      return model.price().map(Price::completion).orElse(Money.ZERO);
    }
  }

  /// Of a model and the one in its place, whichever uses more.
  private static Hold hold(List<Draft> place) {
    return new Hold(
        place.stream().mapToLong(draft -> draft.asked().tokensAtMost()).max().orElse(0),
        place.stream().mapToLong(Draft::most).max().orElse(0),
        place.stream().map(draft -> draft.cost(draft.most())).reduce(Money.ZERO, Money::max));
  }

  private static TurnMeter.Bounds bounds(List<Draft> place) {
    var hold = hold(place);
    return new TurnMeter.Bounds(
        hold.promptTokens(),
        place.stream().map(Draft::promptCost).reduce(Money.ZERO, Money::max),
        place.stream().map(Draft::completionPrice).reduce(Money.ZERO, Money::max),
        hold.completionTokens());
  }

  /// What a turn may still use once all its prompts are paid for.
  private Budgets.OfTurn leftByPrompts(List<List<Draft>> drafts) {
    var limit = budgets.turn().orElse(new Budgets.OfTurn(OptionalLong.empty(), Optional.empty()));
    long prompts = 0;
    var costs = Money.ZERO;
    for (var place : drafts) {
      var bounds = bounds(place);
      prompts = Saturated.sum(prompts, bounds.prompt());
      costs = costs.plus(bounds.promptCost());
    }
    long used = prompts;
    var paid = costs;
    return new Budgets.OfTurn(
        limit.tokens().isPresent()
            ? OptionalLong.of(Math.max(0, limit.tokens().getAsLong() - used))
            : limit.tokens(),
        limit.money().map(money -> money.minus(paid)));
  }
}
