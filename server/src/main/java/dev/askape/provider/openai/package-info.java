/// Asks models through any OpenAI-compatible API: streaming `POST {base}/chat/completions` and `GET
/// {base}/models`.
///
/// [OpenAiProvider] is one endpoint with its connections; it makes a
/// [dev.askape.chat.LanguageModel] for each model asked for. The path of a fragment:
///
/// ```
/// event loop:  Reactor Netty's client → StreamingCall → SseReader → ChunkParser → AnswerSink
/// virtual thread:  OpenAiModel.answer: sends the request, waits for the end
/// ```
///
/// Everything of one call is confined to one event loop, from the connection to the sink; only its
/// end crosses to the virtual thread that asked. Nothing here blocks an event loop. There is one
/// HTTP client for each event loop, taken in turn, because Reactor Netty's own choice among the
/// loops of a group leaves half of them out.
///
/// The servers differ; what is accepted of each is said at [ChunkParser] (the shape of a chunk),
/// [SseReader] (the stream), [Refusal] (errors) and [RequestForm] (fields that some refuse).
@NullMarked
package dev.askape.provider.openai;

import org.jspecify.annotations.NullMarked;
