/// The dialect of Google's Gemini API: `POST {base}/models/M:streamGenerateContent?alt=sse` and
/// `GET {base}/models`, where the base is usually
/// `https://generativelanguage.googleapis.com/v1beta`.
///
/// [GeminiDialect] is what an [dev.askape.provider.http.HttpProvider] needs to speak it,
/// [GeminiForm] the request, [ResponseParser] what comes back. Reading runs on event loops, writing
/// on the threads that ask.
@NullMarked
package dev.askape.provider.gemini;

import org.jspecify.annotations.NullMarked;
