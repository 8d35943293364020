package dev.askape.cli;

import dev.askape.Parts;
import dev.askape.chat.StorageException;
import dev.askape.cli.Commands.Finding;
import dev.askape.config.LocalMode;
import dev.askape.config.Settings;
import dev.askape.http.EventLoops;
import dev.askape.offer.Offered;
import dev.askape.provider.Provider;
import dev.askape.provider.ProviderException;
import dev.askape.provider.local.LocalCheck;
import dev.askape.storage.mongo.MongoStore;
import dev.askape.storage.sqlite.SqliteStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Tries what a server with these settings would need.
record Probe(Settings settings, Map<String, String> environment) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  List<Finding> findings() {
    var findings = new ArrayList<Finding>();
    findings.add(store());
    try (var loops = EventLoops.start(1);
        var offered =
            Offered.by(settings, new Parts(settings).local(), environment, loops.loops())) {
      if (settings.providers().isEmpty()) {
        findings.add(new Finding(true, "models", String.join(" ", offered.notes())));
      } else {
        Offered.providers(settings, environment, loops.loops())
            .forEach((name, provider) -> findings.add(provider(name, provider)));
      }
      if (offered.local().isPresent()) {
        findings.add(local());
      }
    }
    return findings;
  }

  private Finding store() {
    return settings.storage().mongoUri().isPresent() ? mongo() : embedded();
  }

  private Finding mongo() {
    var subject = "store MongoDB";
    try (var _ = MongoStore.open(new Parts(settings).mongo().orElseThrow())) {
      return new Finding(true, subject, "can be reached and used");
    } catch (StorageException e) {
      return new Finding(false, subject, Problems.describe(e));
    }
  }

  private Finding embedded() {
    var subject = "store " + settings.storage().sqlite().path();
    try (var _ = SqliteStore.open(new Parts(settings).sqlite())) {
      return new Finding(true, subject, "can be opened and written");
    } catch (StorageException e) {
      return new Finding(false, subject, Problems.describe(e));
    }
  }

  /// Where nothing says that they must be there, demo models take their place.
  private Finding local() {
    try {
      var check = LocalCheck.of(new Parts(settings).local());
      var local = settings.local();
      boolean isMissed = local.enabled() == LocalMode.TRUE || local.model().isPresent();
      return new Finding(check.isGood() || !isMissed, "local models", check.detail());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Finding(false, "local models", "interrupted");
    }
  }

  private static Finding provider(String name, Provider provider) {
    try (provider) {
      int models = provider.listModels(PATIENCE).size();
      return new Finding(true, "provider " + name, "lists " + models + " models");
    } catch (ProviderException e) {
      return new Finding(false, "provider " + name, Problems.describe(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Finding(false, "provider " + name, "interrupted");
    }
  }
}
