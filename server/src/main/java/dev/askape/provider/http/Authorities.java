package dev.askape.provider.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// Certificate authorities in PEM, and the trust in them and in the platform's.
public final class Authorities {
  private static final Pattern CERTIFICATE =
      Pattern.compile(
          "-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----([^-]+)-----END (?:TRUSTED |X509 )?CERTIFICATE-----");
  private static final long MAX_BYTES = 4 << 20;

  private Authorities() {}

  /// Reads a bundle: one certificate or more, with anything between them.
  ///
  /// @throws IllegalArgumentException if the file cannot be read or has no certificate
  public static List<X509Certificate> read(Path bundle) {
    try {
      if (Files.size(bundle) > MAX_BYTES) {
        throw new IllegalArgumentException(bundle + " is over 4 MB");
      }
      var text = Files.readString(bundle, StandardCharsets.ISO_8859_1);
      var factory = CertificateFactory.getInstance("X.509");
      var found = new ArrayList<X509Certificate>();
      for (var match = CERTIFICATE.matcher(text); match.find(); ) {
        var bytes = Base64.getMimeDecoder().decode(match.group(1));
        found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes)));
      }
      if (found.isEmpty()) {
        throw new IllegalArgumentException(bundle + " has no certificate in PEM");
      }
      return List.copyOf(found);
    } catch (IOException _) {
      throw new IllegalArgumentException(bundle + " cannot be read");
    } catch (CertificateException e) {
      throw new IllegalArgumentException(bundle + " has a broken certificate", e);
    }
  }

  /// Trusts the platform's authorities and these.
  static TrustManagerFactory trusting(List<X509Certificate> authorities) {
    try {
      var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int i = 0;
      for (var authority : authorities) {
        trusted.setCertificateEntry("configured-" + i++, authority);
      }
      var platform = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      platform.init((KeyStore) null);
      for (var manager : platform.getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          for (var authority : x509.getAcceptedIssuers()) {
            trusted.setCertificateEntry("platform-" + i++, authority);
          }
        }
      }
      var all = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      all.init(trusted);
      return all;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("no trust in certificates is possible", e);
    }
  }
}
