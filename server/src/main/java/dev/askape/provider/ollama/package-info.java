/// The dialect of Ollama's own API: `POST {base}/api/chat`, answered in lines of JSON, and `GET
/// {base}/api/tags`, where the base is usually `http://127.0.0.1:11434`.
///
/// [OllamaDialect] is what an [dev.askape.provider.http.HttpProvider] needs to speak it,
/// [OllamaForm] the request, [LineParser] what comes back. Reading runs on event loops, writing on
/// the threads that ask.
@NullMarked
package dev.askape.provider.ollama;

import org.jspecify.annotations.NullMarked;
