/// How a provider is asked when not everything goes well: second tries, a breaker, and how many
/// calls run at once. Makes a [dev.askape.chat.LanguageModel] of a [dev.askape.provider.Upstream],
/// which knows only how to ask once.
///
/// [ProviderPolicy] holds what the models of one provider share (the [Bulkhead], the
/// [RetryBudget]); [GuardedModel] is one model with a breaker of its own. [Policy] is the
/// configuration. This is the only place that asks twice: nothing below it does, so the number of
/// requests is what is written here. All types are safe for any thread.
@NullMarked
package dev.askape.provider.policy;

import org.jspecify.annotations.NullMarked;
