package dev.askape.provider.apis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A certificate authority that nobody trusts, and a server's certificate that it signed.
///
/// @param bundle its certificate in PEM
/// @param sockets of the server with that certificate
record PrivateAuthority(Path bundle, ServerSocketFactory sockets) {
  private static final String PASSWORD = "changeit";

  /// @param names for which the server's certificate is good, as `keytool` wants them
  static PrivateAuthority create(Path folder, String names) throws Exception {
    var authority = folder.resolve("all.p12");
    keytool(authority, "-genkeypair", "-alias", "ca", "-dname", "CN=private", "-ext", "bc:c");
    keytool(
        authority,
        "-genkeypair",
        "-alias",
        "server",
        "-dname",
        "CN=server",
        "-ext",
        "san=" + names,
        "-signer",
        "ca");
    var all = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(authority)) {
      all.load(in, PASSWORD.toCharArray());
    }
    var encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
    var bundle =
        Files.writeString(
            folder.resolve("ca.pem"),
            "# private\n-----BEGIN CERTIFICATE-----\n"
                + encoder.encodeToString(all.getCertificate("ca").getEncoded())
                + "\n-----END CERTIFICATE-----\n");
    all.deleteEntry("ca");
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(all, PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return new PrivateAuthority(bundle, context.getServerSocketFactory());
  }

  private static void keytool(Path store, String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(
        List.of(
            "-keyalg",
            "EC",
            "-validity",
            "2",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue())
        .as(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isZero();
  }
}
