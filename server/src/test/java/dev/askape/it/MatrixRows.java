package dev.askape.it;

import static dev.askape.it.MatrixRow.Expected.brokenOff;
import static dev.askape.it.MatrixRow.Expected.completed;
import static dev.askape.it.MatrixRow.Expected.failed;
import static dev.askape.it.MatrixRow.row;
import static dev.askape.it.ProviderKind.GEMINI;
import static dev.askape.it.ProviderKind.OLLAMA;
import static dev.askape.it.ProviderKind.OPENAI;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Every fault, and what has to come of it: the types are those of the contract, the calls those of
/// the policy with its defaults.
final class MatrixRows {
  /// Headers, first token and between tokens; long enough for a machine that is busy.
  static final Duration PATIENCE = Duration.ofSeconds(3);

  /// The whole call.
  static final Duration TOTAL = Duration.ofSeconds(20);

  private static final int TRIES = 3;

  private MatrixRows() {}

  static List<MatrixRow> all() {
    var rows = new ArrayList<MatrixRow>();
    rows.addAll(silent());
    rows.addAll(broken());
    rows.addAll(odd());
    rows.addAll(refused());
    rows.addAll(retryAfter());
    rows.addAll(leaky());
    return rows;
  }

  private static List<MatrixRow> silent() {
    return List.of(
        row("hung before the head", "fail=hang", failed("timeout", 1).notBefore(PATIENCE)),
        row(
            "hung after the head",
            "fail=hang-after-head",
            failed("timeout", 1).notBefore(PATIENCE)),
        row("only pings", "fail=pings,at=0", failed("timeout", 1).notBefore(PATIENCE)),
        row("pings after text", "fail=pings", brokenOff("timeout").notBefore(PATIENCE)),
        row("stall in mid-text", "fail=stall", brokenOff("timeout").notBefore(PATIENCE)),
        row("drip", "fail=drip", failed("timeout", 1).notBefore(PATIENCE)));
  }

  private static List<MatrixRow> broken() {
    return List.of(
        row("refused", "", failed("unavailable", TRIES)),
        row("reset before the head", "fail=reset-before-head", failed("unavailable", TRIES)),
        row("reset before text", "fail=reset,at=0", failed("unavailable", 1)),
        row("reset in mid-text", "fail=reset", brokenOff("unavailable")),
        row("end in mid-text", "fail=truncate", brokenOff("unavailable")),
        row("end before text", "fail=truncate,at=0", failed("unavailable", 1)),
        row("error before text", "fail=error,at=0,code=529", failed("unavailable", TRIES)),
        row("error in mid-text", "fail=error,code=529", brokenOff("unavailable")),
        // Ollama's errors have no code, and these words mean nothing
        row("rate limit in mid-text", "fail=error,code=429", brokenOff("rate_limited"))
            .but(brokenOff("unavailable"), OLLAMA),
        row("bare error in mid-text", "fail=bare-error", brokenOff("unavailable")).only(OPENAI),
        row("garbage before text", "fail=garbage,at=0", failed("unavailable", 1)),
        row("garbage in mid-text", "fail=garbage", brokenOff("unavailable")),
        row("line of 10 MB", "fail=longline", brokenOff("unavailable")));
  }

  private static List<MatrixRow> odd() {
    return List.of(
        row("no end mark", "fail=nodone", completed(1)),
        row("byte by byte", "fail=split", completed(1)),
        row("broken UTF-8", "fail=badutf8", completed(1)),
        row("byte order mark", "fail=bom", completed(1)),
        row("CRLF", "fail=crlf", completed(1)),
        row("comments", "fail=comments", completed(1)),
        row("wrong content type", "fail=type", completed(1)),
        row("a web page", "fail=page", failed("unavailable", 1)),
        row("redirect", "fail=redirect", failed("unavailable", 1)),
        row("no stream_options", "fail=400-stream-options", completed(2)).only(OPENAI));
  }

  private static List<MatrixRow> refused() {
    return List.of(
        row("400", "fail=400", failed("unavailable", 1)),
        row("401", "fail=401", failed("unauthorized", 1)),
        row("403", "fail=403", failed("unauthorized", 1)),
        row("404", "fail=404", failed("unknown_model", 1)),
        row("408", "fail=408", failed("timeout", TRIES)),
        row("409", "fail=409", failed("unavailable", TRIES)),
        row("413", "fail=413", failed("too_large", 1)),
        row("429", "fail=429", failed("rate_limited", TRIES)),
        row("500", "fail=500", failed("unavailable", TRIES)),
        row("503", "fail=503", failed("unavailable", TRIES)),
        row("529", "fail=529", failed("unavailable", TRIES)),
        row("500 twice, then well", "fail=500,times=2", completed(TRIES)),
        row("endless error", "fail=endless", failed("unavailable", TRIES)),
        row(
            "endless error, dripping",
            "fail=endless-drip",
            failed("timeout", 1).notBefore(PATIENCE)));
  }

  private static List<MatrixRow> retryAfter() {
    var once = "fail=429,times=1,after=";
    var second = Duration.ofSeconds(1);
    return List.of(
        row("429, in a second", once + "1", completed(2).apart(second)),
        row("503, in a second", "fail=503,times=1,after=1", completed(2).apart(second)),
        row("429, by date", once + "date-2", completed(2).apart(Duration.ofMillis(990))),
        row("429, in 700 ms", once + "ms-700", completed(2).apart(Duration.ofMillis(700))),
        row("429, delay in the body", once + "body-1", completed(2))
            .but(completed(2).apart(second), GEMINI),
        row("429, in a minute", "fail=429,after=60", failed("rate_limited", 1)),
        row("429, by a far date", "fail=429,after=date-600", failed("rate_limited", 1)),
        row("429, in 10^20 s", "fail=429,after=huge", failed("rate_limited", 1)),
        row("429, soon", once + "word", completed(2)),
        row("429, in -5 s", once + "negative", completed(2)),
        row("429, in the past", once + "past", completed(2)));
  }

  private static List<MatrixRow> leaky() {
    return List.of(
        row("key in a 401", "fail=401,leak=1", failed("unauthorized", 1)),
        row("key in a 429", "fail=429,after=60,leak=1", failed("rate_limited", 1)),
        row("key in a 500", "fail=500,leak=1", failed("unavailable", TRIES)),
        row("key in an error", "fail=error,leak=1", brokenOff("unavailable")),
        row("key in a bare error", "fail=bare-error,leak=1", brokenOff("unavailable")).only(OPENAI),
        row("key in a head", "fail=truncate,leak=1", brokenOff("unavailable")));
  }
}
