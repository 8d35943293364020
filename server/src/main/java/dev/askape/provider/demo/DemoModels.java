package dev.askape.provider.demo;

import dev.askape.chat.Model;
import dev.askape.chat.ModelId;
import dev.askape.chat.ModelParameters;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The demo models.
public final class DemoModels {
  private static final Duration FAST = Duration.ofMillis(22);
  private static final Duration SLOW = Duration.ofMillis(34);

  private static final String HOW_TO_GET_REAL_ONES =
      """
      To ask real models, stop the server, give it a key and start it again: \
      HF_TOKEN for Hugging Face, or OPENAI_API_KEY, OPENROUTER_API_KEY, TOGETHER_API_KEY, \
      GROQ_API_KEY, DEEPSEEK_API_KEY or MISTRAL_API_KEY. Or start Ollama, llama.cpp, vLLM or \
      LM Studio on this machine: AskApe finds them by itself.
      """;

  private DemoModels() {}

  /// Both, each a default.
  public static List<Model> list() {
    return List.of(
        model(
            "demo-a",
            "Demo A, not a language model",
            new DemoModel(
                """
                I am Demo A, and I am not a language model. I say the same to everybody, at the \
                pace at which a model would: word by word, while the other one beside me is \
                still talking.

                """
                    + HOW_TO_GET_REAL_ONES,
                FAST)),
        model(
            "demo-b",
            "Demo B, not a language model",
            new DemoModel(
                """
                This is Demo B, a little slower than Demo A and no more a language model than \
                that. Reload the page in the middle of this sentence, or open the same session \
                in a second window: you will get everything that was said so far, and then the \
                rest as it comes. What we say is stored, and is still there after a restart.

                """
                    + HOW_TO_GET_REAL_ONES,
                SLOW)));
  }

  private static Model model(String id, String name, DemoModel language) {
    return new Model(
        new ModelId("askape/" + id),
        name,
        "demo",
        true,
        OptionalInt.empty(),
        Optional.empty(),
        ModelParameters.DEFAULTS,
        language,
        () -> true);
  }
}
