package dev.askape.bench.load;

/// What came within one window.
///
/// @param tokens fragments of answers, each counted that a merged chunk contains
/// @param turns that ended
/// @param errors what should not have happened; `firstError` says what the first one was
/// @param fragments from the stand-in to here, for stamped answers
/// @param firsts the same of the first fragment of each answer
/// @param lag how late this client's own event loop was: what the machine adds to all figures
public record Results(
    double seconds,
    long tokens,
    long frames,
    long bytes,
    long turns,
    long errors,
    String firstError,
    Latency fragments,
    Latency firsts,
    Latency lag) {}
