/// A stand-in for the providers of models: an HTTP server for tests, demos and load, which does
/// what the model id says (`./askape fake-provider --port N`). `docs/fake-provider.md` has the
/// routes, the script language and every fault.
///
/// One port speaks the dialects of all kinds of providers. Each is a [Dialect] (requests, keys,
/// errors, lists of models) with a [Speech] (the words of a stream): [OpenAiDialect],
/// [AnthropicDialect], [GeminiDialect], [OllamaDialect]. Everything else knows no dialect:
///
/// ```
/// StandInRoutes ─ Dialect.read ─► Ask ─ Script.parse ─► Answering ─┬─ Refusing (errors, pages)
///                                                                  └─ ScriptedStream ─ Delivery
///                                                                       (what, when)   (bytes)
/// ```
///
/// [Script] is what a model id says, [Fault] what can go wrong. What an answer says is a function
/// of the model id (and, for `echo`, of what was asked): [StandInText] gives it to whoever wants to
/// check. [StandInStats] counts the calls of each model. Everything runs on event loops: one tick
/// of [Pacer] for all streams of a loop, each fragment a write of its own. For users of the
/// package: [StandInProvider], [StandInText].
@NullMarked
package dev.askape.standin;

import org.jspecify.annotations.NullMarked;
