package dev.askape.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.askape.chat.ErrorType;
import dev.askape.chat.Outcome;
import dev.askape.chat.Usage;
import dev.askape.http.EventLoops;
import dev.askape.provider.http.Asking;
import dev.askape.provider.http.HttpProvider;
import dev.askape.provider.http.RecordingSink;
import dev.askape.standin.StandInProvider;
import dev.askape.standin.StandInText;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against the stand-in, on the same event loops as it, as in a server that asks itself.
class OpenAiStandInTest {
  private static EventLoops loops;
  private static StandInProvider standIn;
  private static HttpProvider provider;

  private final RecordingSink sink = new RecordingSink();

  @BeforeAll
  static void start() {
    loops = EventLoops.start(2);
    standIn = StandInProvider.start(loops, "127.0.0.1", 0);
    provider = OpenAi.provider(Asking.settings(standIn.baseUrl()), loops.loops());
  }

  @AfterAll
  static void stop() {
    provider.close();
    standIn.close();
    loops.close();
  }

  @Test
  void hearsEveryCharacterReasoningAndUsage() throws Exception {
    var model = "fake-a:text=unicode,tokens=80,rate=0,first=0,think=5";
    var outcome = Asking.ask(provider, model, Asking.PROMPT, sink);

    assertThat(sink.said()).isEqualTo(StandInText.answer(model));
    assertThat(sink.thought()).isEqualTo(StandInText.reasoning(model));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Finished.class,
            finished ->
                assertThat(finished.usage())
                    .map(Usage::reasoningTokens)
                    .isEqualTo(Optional.of(OptionalLong.of(5))));
  }

  @ParameterizedTest
  @CsvSource({
    "refuse,UNAVAILABLE",
    "401,UNAUTHORIZED",
    "404,UNKNOWN_MODEL",
    "429,RATE_LIMITED",
    "500,UNAVAILABLE",
    "reset,UNAVAILABLE",
    "truncate,UNAVAILABLE",
    "error,UNAVAILABLE",
    "garbage,UNAVAILABLE",
    "longline,UNAVAILABLE"
  })
  void failsAndKeepsTheText(String fail, ErrorType type) throws Exception {
    var model = "fake-a:rate=0,first=0,tokens=20,fail=" + fail;
    var outcome = Asking.ask(provider, model, Asking.PROMPT, sink);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.type()).isEqualTo(type));
    assertThat(StandInText.answer(model)).startsWith(sink.said());
  }

  @ParameterizedTest
  @CsvSource({"nodone", "split", "400-stream-options"})
  void finishesAllTheSame(String fail) throws Exception {
    var model = "fake-a:text=unicode,rate=0,first=0,tokens=30,fail=" + fail;

    try (var fresh = OpenAi.provider(Asking.settings(standIn.baseUrl()), loops.loops())) {
      assertThat(Asking.ask(fresh, model, Asking.PROMPT, sink))
          .isInstanceOf(Outcome.Finished.class);
    }
    assertThat(sink.said()).isEqualTo(StandInText.answer(model));
  }

  @Test
  void replacesBrokenBytes() throws Exception {
    Asking.ask(provider, "fake-a:rate=0,first=0,tokens=4,at=1,fail=badutf8", Asking.PROMPT, sink);

    assertThat(sink.said()).contains("<\ufffd\ufffd>");
  }

  @ParameterizedTest
  @CsvSource({"fake-a:fail=hang", "fake-a:fail=stall,first=0,rate=0", "fake-a:rate=1,first=0"})
  void cancelIsSeenByTheProvider(String model) throws Exception {
    // what an earlier test broke off may still be ending
    await().until(() -> standIn.stats().running() == 0);
    var before = standIn.stats();
    var asking = Asking.start(provider, model, sink);
    await().until(() -> standIn.stats().running() == before.running() + 1);

    asking.thread().interrupt();
    asking.thread().join();

    await().until(() -> standIn.stats().cancelled() == before.cancelled() + 1);
    assertThat(standIn.stats().running()).isEqualTo(before.running());
  }

  @Test
  void runsManyPacedStreamsAtOnce() throws Exception {
    int count = 300;
    var sinks = new ArrayList<RecordingSink>();
    var askings = new ArrayList<Asking>();
    for (int i = 0; i < count; i++) {
      sinks.add(new RecordingSink());
      askings.add(
          Asking.start(provider, "fake-" + i + ":tokens=50,rate=50,first=10", sinks.get(i)));
    }

    for (int i = 0; i < count; i++) {
      assertThat(askings.get(i).outcome().get(30, TimeUnit.SECONDS))
          .isInstanceOf(Outcome.Finished.class);
      assertThat(sinks.get(i).said())
          .isEqualTo(StandInText.answer("fake-" + i + ":tokens=50,rate=50,first=10"));
    }
  }
}
