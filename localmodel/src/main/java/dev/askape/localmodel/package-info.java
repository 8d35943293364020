/// A small language model, run by llama.cpp, behind an OpenAI-compatible API on loopback: a program
/// of its own, because native code that crashes or hangs takes only its own process with it.
///
/// ```
/// event loop:  HttpServer → Routes → ChatRequest → Generations (a queue with a bound)
/// worker thread:  Answering → TextModel (LlamaModel, native) → HttpStream
/// ```
///
/// [Program] is where it starts: the key is the first line of standard input, `port N` or `error …`
/// the one line of standard output. It ends when standard input does, which is when whoever started
/// it has ended, however that came about ([ParentWatch]). It always ends by [Runtime#halt]: the
/// library's own way to close was seen to hang.
@NullMarked
package dev.askape.localmodel;

import org.jspecify.annotations.NullMarked;
