package dev.askape.provider.discovery;

import dev.askape.provider.openai.ListedModel;
import dev.askape.provider.openai.OpenAiProvider;
import java.util.List;

/// A provider that was found, with its models.
record Source(String name, OpenAiProvider provider, List<ListedModel> models) {}
