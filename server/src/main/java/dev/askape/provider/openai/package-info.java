/// The dialect of every OpenAI-compatible API: streaming `POST {base}/chat/completions` and `GET
/// {base}/models`.
///
/// [OpenAiDialect] is what an [dev.askape.provider.http.HttpProvider] needs to speak it. The
/// servers differ; what is accepted of each is said at [ChunkParser] (the shape of a chunk),
/// [UsageParser] and [OpenAiForm] (fields that some refuse). It runs where the provider runs it:
/// reading on event loops, writing on the threads that ask.
@NullMarked
package dev.askape.provider.openai;

import org.jspecify.annotations.NullMarked;
