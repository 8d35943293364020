package dev.askape.provider.discovery;

import dev.askape.provider.ListedModel;
import dev.askape.provider.http.HttpProvider;
import java.util.List;

/// A provider that was found, with its models.
record Source(String name, HttpProvider provider, List<ListedModel> models) {}
