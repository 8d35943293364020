package dev.askape.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.ErrorType;
import dev.askape.chat.FinishReason;
import dev.askape.chat.ModelParameters;
import dev.askape.chat.Outcome;
import dev.askape.chat.Prompt;
import dev.askape.chat.Usage;
import dev.askape.provider.http.Asking;
import dev.askape.provider.http.EndpointSettings;
import dev.askape.provider.http.FakeUpstream;
import dev.askape.provider.http.HttpProvider;
import dev.askape.provider.http.Loops;
import dev.askape.provider.http.RecordingSink;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What streams of all shapes come to.
class OpenAiStreamTest {
  private static final String HEL = delta("Hel");
  private static final String LO = delta("lo");
  private static final String STOP = finish("stop");
  private static final String DONE = "data: [DONE]\n\n";

  private static Loops loops;

  private final RecordingSink sink = new RecordingSink();

  @BeforeAll
  static void start() {
    loops = new Loops();
  }

  @AfterAll
  static void stop() {
    loops.close();
  }

  @Test
  void finishesAtDone() throws Exception {
    assertThat(stream(HEL, LO, STOP, DONE))
        .isEqualTo(new Outcome.Finished(FinishReason.STOP, Optional.empty()));
    assertThat(sink.fragments).containsExactly("Hel", "lo");
  }

  @Test
  void finishesAtTheEndOfTheStreamWhenTheModelHadFinished() throws Exception {
    assertThat(stream(HEL, STOP)).isInstanceOf(Outcome.Finished.class);
  }

  @Test
  void finishesAtDoneWithoutAFinishReason() throws Exception {
    assertThat(stream(HEL, DONE)).isInstanceOf(Outcome.Finished.class);
  }

  @Test
  void failsWhenTheStreamEndsBeforeTheAnswer() throws Exception {
    assertThat(failure(stream(HEL))).isEqualTo(ErrorType.UNAVAILABLE);
    assertThat(sink.said()).isEqualTo("Hel");
  }

  @Test
  void failsWhenTheConnectionIsResetInMidStream() throws Exception {
    try (var upstream =
        new FakeUpstream(exchange -> {
          exchange.startChunked();
          exchange.chunk(HEL);
          exchange.reset();
        })) {
      assertThat(failure(ask(upstream))).isEqualTo(ErrorType.UNAVAILABLE);
    }
  }

  @Test
  void keepsAnswerThatFinishedBeforeTheConnectionBroke() throws Exception {
    try (var upstream =
        new FakeUpstream(exchange -> {
          exchange.startChunked();
          exchange.chunk(HEL + STOP);
          exchange.socket().close();
        })) {
      assertThat(ask(upstream)).isInstanceOf(Outcome.Finished.class);
      assertThat(sink.said()).isEqualTo("Hel");
    }
  }

  @Test
  void tellsReasoningApart() throws Exception {
    stream("data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}\n\n", HEL, STOP, DONE);

    assertThat(sink.thought()).isEqualTo("hm");
    assertThat(sink.said()).isEqualTo("Hel");
  }

  @Test
  void reportsUsageFromTheChunkAfterTheLast() throws Exception {
    var usage =
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n";

    assertThat(stream(HEL, STOP, usage, DONE))
        .isEqualTo(new Outcome.Finished(FinishReason.STOP, Optional.of(Usage.reported(1, 2))));
  }

  @ParameterizedTest
  @CsvSource({
    "stop,STOP",
    "length,LENGTH",
    "MAX_TOKENS,LENGTH",
    "content_filter,CONTENT_FILTER",
    "tool_calls,OTHER",
    "something,OTHER"
  })
  void translatesTheFinishReason(String word, FinishReason reason) throws Exception {
    assertThat(stream(HEL, finish(word), DONE))
        .isEqualTo(new Outcome.Finished(reason, Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: {\"error\":{\"message\":\"boom\",\"code\":500}}\n\n",
        "data: {\"error\":{\"message\":\"boom\",\"code\":500}}\n\ndata: [DONE]\n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"\"},\"error\":{\"message\":\"boom\"},\"finish_reason\":\"error\"}]}\n\n",
        "{\"error\":{\"message\":\"boom\"}}\n",
        "{\"error\":\"boom\"}",
        "data: [{\"error\":{\"message\":\"boom\"}}]\n\ndata: [DONE]\n\n",
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"boom\"}}\n\n"
      })
  void failsAtAnErrorInMidStreamAndKeepsTheText(String error) throws Exception {
    var outcome = stream(HEL, error);

    assertThat(failure(outcome)).isEqualTo(ErrorType.UNAVAILABLE);
    assertThat(((Outcome.Failed) outcome).cause()).contains("boom");
    assertThat(sink.said()).isEqualTo("Hel");
  }

  @ParameterizedTest
  @CsvSource({
    "429,RATE_LIMITED",
    "401,UNAUTHORIZED",
    "504,TIMEOUT",
    "context_length_exceeded,TOO_LARGE",
    "rate_limit_exceeded,RATE_LIMITED",
    "content_filter,CONTENT_FILTER",
    "overloaded,UNAVAILABLE"
  })
  void sortsErrorsInMidStreamByTheirCode(String code, ErrorType type) throws Exception {
    var error = "data: {\"error\":{\"message\":\"x\",\"code\":\"" + code + "\"}}\n\n";

    assertThat(failure(stream(HEL, error))).isEqualTo(type);
  }

  @Test
  void failsAtAChunkThatIsNoJson() throws Exception {
    assertThat(failure(stream(HEL, "data: {\"choices\":[\n\n", LO, STOP, DONE)))
        .isEqualTo(ErrorType.UNAVAILABLE);
    assertThat(sink.said()).isEqualTo("Hel");
  }

  @Test
  void failsAtALineThatIsTooLong() throws Exception {
    assertThat(failure(stream(HEL, "data: " + "x".repeat(300_000), STOP, DONE)))
        .isEqualTo(ErrorType.UNAVAILABLE);
  }

  @Test
  void takesAWholeCompletionInPlaceOfAStream() throws Exception {
    try (var upstream =
        new FakeUpstream(exchange ->
            exchange.reply(
                200,
                "application/json",
                """
                {
                  "choices": [ {"message": {"content": "Hello"},
                  "finish_reason": "stop"} ]
                }
                """))) {
      assertThat(ask(upstream)).isInstanceOf(Outcome.Finished.class);
      assertThat(sink.said()).isEqualTo("Hello");
    }
  }

  @Test
  void failsAtAWebPage() throws Exception {
    try (var upstream =
        new FakeUpstream(exchange -> exchange.reply(200, "text/html", "<html>\n<p>hi: x\n"))) {
      var outcome = ask(upstream);

      assertThat(failure(outcome)).isEqualTo(ErrorType.UNAVAILABLE);
      assertThat(((Outcome.Failed) outcome).cause()).contains("text/html");
    }
  }

  @Test
  void putsCharactersTogetherThatWereCutByteByByte() throws Exception {
    var text = "é😀日本語👨‍👩‍👧 \u2028 e\u0301";
    var bytes = (delta(text) + STOP + DONE).getBytes(StandardCharsets.UTF_8);
    try (var upstream =
        new FakeUpstream(exchange -> {
          exchange.socket().setTcpNoDelay(true);
          exchange.startStream();
          for (var b : bytes) {
            exchange.write(new byte[] {b});
          }
          exchange.socket().close();
        })) {
      assertThat(ask(upstream)).isInstanceOf(Outcome.Finished.class);
      assertThat(sink.said()).isEqualTo(text);
    }
  }

  @Test
  void passesHalvesOfASurrogatePairOn() throws Exception {
    stream(delta("a\\ud83d"), delta("\\ude00b"), STOP, DONE);

    assertThat(sink.said()).isEqualTo("a😀b");
  }

  @Test
  void readsAndAppendsOnAnEventLoop() throws Exception {
    stream(HEL, LO, STOP, DONE);

    assertThat(sink.threads).hasSize(1).allMatch(thread -> !thread.isVirtual());
    assertThat(loops.all()).anyMatch(loop -> loop.inEventLoop(sink.threads.iterator().next()));
  }

  @Test
  void endsTheCallWhenTheSinkWantsNoMore() throws Exception {
    var closed = new java.util.concurrent.CompletableFuture<Boolean>();
    var picky = new RecordingSink(2);
    try (var upstream =
            new FakeUpstream(exchange -> {
              exchange.startStream();
              exchange.write(HEL + LO + delta("never"));
              closed.complete(exchange.isClosedByClient());
            });
        var provider = provider(upstream)) {
      Asking.ask(provider, "m", prompt(), picky);

      assertThat(picky.fragments).containsExactly("Hel", "lo");
      assertThat(closed).succeedsWithin(java.time.Duration.ofSeconds(10)).isEqualTo(true);
    }
  }

  private Outcome stream(String... parts) throws Exception {
    try (var upstream =
        new FakeUpstream(exchange -> {
          exchange.startStream();
          for (var part : parts) {
            exchange.write(part);
          }
          exchange.socket().close();
        })) {
      return ask(upstream);
    }
  }

  private Outcome ask(FakeUpstream upstream) throws InterruptedException {
    try (var provider = provider(upstream)) {
      return Asking.ask(provider, "m", prompt(), sink);
    }
  }

  private static HttpProvider provider(FakeUpstream upstream) {
    return OpenAi.provider(
        EndpointSettings.of("test", upstream.base(), Optional.empty()), loops.all());
  }

  private static Prompt prompt() {
    return new Prompt(
        List.of(new Prompt.Message(Prompt.Role.USER, "hi")), ModelParameters.DEFAULTS);
  }

  private static ErrorType failure(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    return ((Outcome.Failed) outcome).type();
  }

  private static String delta(String escaped) {
    return "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
        + escaped
        + "\"},\"finish_reason\":null}]}\n\n";
  }

  private static String finish(String word) {
    return "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"" + word + "\"}]}\n\n";
  }
}
