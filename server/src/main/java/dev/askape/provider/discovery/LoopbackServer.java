package dev.askape.provider.discovery;

import java.net.URI;

/// Where a model server listens on this machine, if somebody started it.
///
/// @param name how it is called in the list of models
/// @param title how people know it
public record LoopbackServer(String name, String title, URI baseUrl) {}
