/// The dialect of Anthropic's Messages API: `POST {base}/messages` and `GET {base}/models`, where
/// the base is usually `https://api.anthropic.com/v1`.
///
/// [AnthropicDialect] is what an [dev.askape.provider.http.HttpProvider] needs to speak it,
/// [AnthropicForm] the request, [EventParser] the events. Reading runs on event loops, writing on
/// the threads that ask.
@NullMarked
package dev.askape.provider.anthropic;

import org.jspecify.annotations.NullMarked;
