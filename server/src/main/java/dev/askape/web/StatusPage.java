package dev.askape.web;

import dev.askape.chat.Model;
import dev.askape.chat.Models;
import dev.askape.http.HttpExchange;
import dev.askape.http.HttpReply;
import dev.askape.http.HttpRoute;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;

/// The plain page at `/`: that the server runs, which models it has, and how to talk to it. No
/// script; what is not its own is escaped.
public final class StatusPage {
  private final Models models;
  private final String version;
  private final String template;
  private final String policy;

  public StatusPage(Models models, String version) {
    this.models = models;
    this.version = version;
    this.template = read("page.html");
    var style = template.substring(template.indexOf("<style>") + 7, template.indexOf("</style>"));
    this.policy =
        "default-src 'none'; style-src 'sha256-"
            + sha256(style)
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  }

  public HttpRoute route() {
    return HttpRoute.exact("/", this::handle);
  }

  private void handle(HttpExchange exchange) {
    boolean reads = exchange.method().equals("GET") || exchange.method().equals("HEAD");
    exchange.reply(
        reads
            ? page(exchange.header("host").orElse(""))
            : WebReply.error(405, "This method is not allowed here."));
  }

  private HttpReply page(String host) {
    var rows = models.listed().stream().map(StatusPage::row).collect(Collectors.joining("\n"));
    var html =
        template
            .replace("{{version}}", escaped(version))
            .replace("{{host}}", escaped(host))
            .replace("{{models}}", rows);
    return new HttpReply(
        200,
        Map.of(
            "Content-Type", "text/html; charset=utf-8",
            "Cache-Control", "no-store",
            "Content-Security-Policy", policy,
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer"),
        html.getBytes(StandardCharsets.UTF_8));
  }

  private static String row(Model model) {
    return "<tr><td>%s</td><td><code>%s</code></td><td>%s</td><td>%s</td></tr>"
        .formatted(
            escaped(model.name()),
            escaped(model.id().value()),
            escaped(model.provider()),
            model.isDefault() ? "asked by default" : "");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static String read(String name) {
    try (var in = StatusPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return Base64.getEncoder()
          .encodeToString(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
