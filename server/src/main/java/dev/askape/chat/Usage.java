package dev.askape.chat;

import java.util.OptionalLong;

/// Tokens of one call. `estimated`: counted here, because the provider did not say.
public record Usage(
    long promptTokens, long completionTokens, OptionalLong reasoningTokens, boolean estimated) {}
