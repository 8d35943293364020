/// What all kinds of language model providers have in common: how long they may take, and how their
/// keys are kept out of everything that is printed.
///
/// One small package per kind of API lives below this one and implements
/// [dev.askape.chat.LanguageModel]. [Timeouts] and [Secret] are values of the configuration,
/// [Redactor] cleans what goes to the log, [ProviderException] is how a question that is not an
/// answer (the list of models) fails. All types are immutable.
@NullMarked
package dev.askape.provider;

import org.jspecify.annotations.NullMarked;
