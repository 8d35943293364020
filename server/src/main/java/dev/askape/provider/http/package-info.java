/// Asks models over HTTP, in whatever dialect.
///
/// [HttpProvider] is one endpoint with its connections; it makes a [dev.askape.provider.Upstream]
/// for each model asked for. A [Dialect] is all that differs between one kind of API and another:
/// headers, requests ([RequestForm]), how a stream is cut ([Framing]) and read ([Chunk]), the list
/// of models ([ModelPage]). The path of a fragment:
///
/// ```
/// event loop:  Reactor Netty's client → StreamingCall → StreamReader → Dialect.read → AnswerSink
/// virtual thread:  HttpUpstream.ask: sends the request, waits for the end
/// ```
///
/// Everything of one call is confined to one event loop, from the connection to the sink; only its
/// end crosses to the virtual thread that asked. Nothing here blocks an event loop. There is one
/// HTTP client for each event loop, taken in turn, because Reactor Netty's own choice among the
/// loops of a group leaves half of them out.
///
/// One request is sent for each question. What a failure says about the provider is decided in
/// [ConnectionFailure] (no response), [Refusal] (one that is not 200) and [Troubles] (by status, in
/// the middle of a stream too); what people are told of it in [ErrorTypes]. A request is sent again
/// only in another form, where a server refuses a field.
@NullMarked
package dev.askape.provider.http;

import org.jspecify.annotations.NullMarked;
