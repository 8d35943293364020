package dev.askape.chat;

/// The id by which clients ask for a model, such as `deepseek-ai/DeepSeek-V3`.
public record ModelId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
