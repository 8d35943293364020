package dev.askape.offer;

import dev.askape.config.ConfigException;
import dev.askape.config.ProviderType;
import dev.askape.config.Settings;
import dev.askape.provider.KeySource;
import dev.askape.provider.Provider;
import dev.askape.provider.RekeyedProvider;
import dev.askape.provider.Secret;
import dev.askape.provider.apis.Api;
import dev.askape.provider.http.Authorities;
import dev.askape.provider.http.EndpointSettings;
import dev.askape.provider.http.Proxies;
import dev.askape.provider.http.Route;
import io.netty.channel.EventLoop;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Opens the providers of the configuration, through the proxies of the environment.
///
/// @param loops the event loops that read the answers; not closed by the providers
record Endpoints(Proxies proxies, List<EventLoop> loops) {
  /// @throws ConfigException if a proxy in the environment makes no sense
  static Endpoints of(Map<String, String> environment, List<EventLoop> loops) {
    try {
      return new Endpoints(Proxies.from(environment), loops);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
  }

  /// Blocks while a key is read.
  ///
  /// @throws ConfigException if its key cannot be read or its certificates make no sense
  Provider open(String name, Settings.Provider provider) {
    try {
      var settings = settings(name, provider);
      if (provider.apiKey().isEmpty()) {
        return open(provider.type(), settings);
      }
      var source = provider.apiKey().get();
      var key = source.read();
      return source instanceof KeySource.Given
          ? open(provider.type(), settings.withKey(key))
          : rekeyed(provider.type(), settings, source, key);
    } catch (IllegalArgumentException | KeySource.UnreadableKey e) {
      throw new ConfigException("providers." + name + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConfigException("interrupted while the key of " + name + " was read");
    }
  }

  private Provider rekeyed(
      ProviderType type, EndpointSettings settings, KeySource source, Secret first) {
    return new RekeyedProvider(
        source, first, key -> open(type, settings.withKey(key)), System::nanoTime);
  }

  private Provider open(ProviderType type, EndpointSettings settings) {
    return api(type).open(settings, loops);
  }

  private static Api api(ProviderType type) {
    return switch (type) {
      case OPENAI -> Api.OPENAI;
      case ANTHROPIC -> Api.ANTHROPIC;
      case GEMINI -> Api.GEMINI;
      case OLLAMA -> Api.OLLAMA;
    };
  }

  private EndpointSettings settings(String name, Settings.Provider provider) {
    var baseUrl = URI.create(provider.baseUrl());
    return EndpointSettings.of(name, baseUrl, Optional.empty())
        .withRoute(new Route(authorities(provider), proxies.to(baseUrl)))
        .withTimeouts(provider.asking().timeouts())
        .withMaxConcurrentCalls(provider.concurrency().calls());
  }

  private static List<X509Certificate> authorities(Settings.Provider provider) {
    return provider.authorities().map(Path::of).map(Authorities::read).orElse(List.of());
  }
}
