/// A stand-in for a model provider: an OpenAI-compatible HTTP server for tests, demos and load,
/// which does what the model id says (`./askape fake-provider --port N`).
///
/// `POST /v1/chat/completions` (streaming or not), `GET /v1/models`, and `GET /stats` with what it
/// has seen: `{"requests", "running", "completed", "cancelled"}`. A request is *running* until its
/// answer ended as scripted (*completed*, scripted failures included) or its client went away
/// (*cancelled*).
///
/// The model id is a script: `fake-NAME[:key=value[,key=value]…]`
///
/// | key | meaning | default |
/// |---|---|---|
/// | `tokens` | fragments of the answer | 60 |
/// | `rate` | fragments a second; 0 = as fast as it can | 50 |
/// | `first` | milliseconds before the first one | 100 |
/// | `chars` | characters of a fragment | words of 3–8 |
/// | `think` | fragments of reasoning before the answer | 0 |
/// | `usage` | 1 = reports usage when asked to, 0 = never | 1 |
/// | `text` | `words`; `unicode`: characters that are easy to break; `echo`: the answer is the JSON of the messages it was sent; `stamp`: each fragment is the time it is sent, in microseconds of `System.nanoTime()`, and a space | `words` |
/// | `fail` | what goes wrong, see below | nothing |
/// | `at` | the fragment before which it goes wrong | half of `tokens` |
///
/// `fail` is one of: `refuse` (503), `401`, `404`, `429`, `500`, `400-stream-options` (refuses
/// requests with that field), `hang` (no response), `stall` (says no more), `reset` (TCP reset),
/// `truncate` (ends early), `error` (an error event), `garbage` (a chunk that is no JSON),
/// `longline` (a line of 10 MB), `badutf8` (a fragment with a byte that is no UTF-8), `nodone`
/// (finishes without `[DONE]`), `split` (every byte by itself).
///
/// What it says is a function of the model id (and, for `echo`, of the messages): [StandInText]
/// gives it to whoever wants to check. Everything runs on event loops: one tick for all streams of
/// a loop, each fragment a write of its own. Main types: [StandInProvider], [StandInText].
@NullMarked
package dev.askape.standin;

import org.jspecify.annotations.NullMarked;
