package dev.askape.provider.discovery;

import dev.askape.provider.apis.Api;
import java.net.URI;
import java.util.List;

/// The providers and servers that are looked for.
public final class WellKnownProviders {
  /// In the order in which they give the default models.
  public static final List<KnownProvider> PROVIDERS =
      List.of(
          provider(
              "hf",
              "Hugging Face",
              "HF_TOKEN",
              "https://router.huggingface.co/v1",
              "deepseek-ai/DeepSeek-V3",
              "meta-llama/Llama-3.3-70B-Instruct",
              "Qwen/Qwen2.5-72B-Instruct",
              "openai/gpt-oss-120b",
              "deepseek-ai/DeepSeek-R1"),
          provider(
              "openai",
              "OpenAI",
              "OPENAI_API_KEY",
              "https://api.openai.com/v1",
              "gpt-4o",
              "gpt-4o-mini",
              "gpt-4.1",
              "gpt-4.1-mini"),
          asked(
              "anthropic",
              "Anthropic",
              "ANTHROPIC_API_KEY",
              Api.ANTHROPIC,
              "https://api.anthropic.com/v1"),
          asked(
              "gemini",
              "Google Gemini",
              "GEMINI_API_KEY",
              Api.GEMINI,
              "https://generativelanguage.googleapis.com/v1beta"),
          provider(
              "openrouter",
              "OpenRouter",
              "OPENROUTER_API_KEY",
              "https://openrouter.ai/api/v1",
              "openrouter/auto",
              "deepseek/deepseek-chat",
              "meta-llama/llama-3.3-70b-instruct",
              "openai/gpt-4o-mini"),
          provider(
              "together",
              "Together",
              "TOGETHER_API_KEY",
              "https://api.together.xyz/v1",
              "meta-llama/Llama-3.3-70B-Instruct-Turbo",
              "deepseek-ai/DeepSeek-V3",
              "openai/gpt-oss-20b"),
          provider(
              "groq",
              "Groq",
              "GROQ_API_KEY",
              "https://api.groq.com/openai/v1",
              "llama-3.3-70b-versatile",
              "llama-3.1-8b-instant",
              "openai/gpt-oss-120b"),
          provider(
              "deepseek",
              "DeepSeek",
              "DEEPSEEK_API_KEY",
              "https://api.deepseek.com/v1",
              "deepseek-chat",
              "deepseek-reasoner"),
          provider(
              "mistral",
              "Mistral",
              "MISTRAL_API_KEY",
              "https://api.mistral.ai/v1",
              "mistral-large-latest",
              "mistral-small-latest"));

  public static final List<LoopbackServer> SERVERS =
      List.of(
          server("ollama", "Ollama", 11434),
          server("vllm", "vLLM", 8000),
          server("llamacpp", "llama.cpp", 8080),
          server("llamacpp-9931", "llama.cpp", 9931),
          server("lmstudio", "LM Studio", 1234));

  private WellKnownProviders() {}

  private static KnownProvider provider(
      String name, String title, String key, String baseUrl, String... models) {
    return new KnownProvider(name, title, key, Api.OPENAI, URI.create(baseUrl), List.of(models));
  }

  private static KnownProvider asked(
      String name, String title, String key, Api api, String baseUrl) {
    return new KnownProvider(name, title, key, api, URI.create(baseUrl), List.of());
  }

  private static LoopbackServer server(String name, String title, int port) {
    return new LoopbackServer(name, title, URI.create("http://127.0.0.1:" + port + "/v1"));
  }
}
