/// What all kinds of language model providers have in common: how they are asked, how long they may
/// take, and how their keys are kept out of everything that is printed.
///
/// A [Provider] makes an [Upstream] for each of its models; an [Attempt] is how one request to it
/// ended. `http` below this package implements them for every API that streams over HTTP, one small
/// package per kind of API says how it is spoken, `apis` makes any of them. [Timeouts], [Secret]
/// and [CallOptions] are values of the configuration, [Redactor] cleans what goes to the log,
/// [ProviderException] is how a question that is not an answer (the list of models) fails. All
/// types but providers and upstreams are immutable.
@NullMarked
package dev.askape.provider;

import org.jspecify.annotations.NullMarked;
