package dev.askape;

import dev.askape.chat.Chat;
import dev.askape.chat.ConversationStore;
import dev.askape.chat.Retention;
import dev.askape.config.Settings;
import dev.askape.gateway.Gateway;
import dev.askape.http.EventLoops;
import dev.askape.http.HttpRoute;
import dev.askape.http.HttpServer;
import dev.askape.offer.Offered;
import dev.askape.socketio.SocketServer;
import dev.askape.tokens.O200kTokens;
import dev.askape.web.Rest;
import dev.askape.web.StatusPage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A running server. [#open] returns when clients can connect; [#close] ends it in good order.
public final class AskApe implements AutoCloseable {
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final Opened opened;
  private final Settings settings;
  private final ConversationStore store;
  private final HttpServer http;
  private final SocketServer sockets;
  private final Chat chat;
  private final Gateway gateway;
  private final Offered offered;
  private final int interrupted;

  private AskApe(
      Opened opened,
      Settings settings,
      ConversationStore store,
      HttpServer http,
      SocketServer sockets,
      Chat chat,
      Gateway gateway,
      Offered offered,
      int interrupted) {
    this.opened = opened;
    this.settings = settings;
    this.store = store;
    this.http = http;
    this.sockets = sockets;
    this.chat = chat;
    this.gateway = gateway;
    this.offered = offered;
    this.interrupted = interrupted;
  }

  /// Opens the store and ends what was running when the last process died, then the providers, then
  /// the port.
  ///
  /// @param environment where keys are looked for when no model is configured
  /// @param version for who asks
  public static AskApe open(Settings settings, Map<String, String> environment, String version) {
    return open(settings, environment, version, Around.NOTHING);
  }

  /// The same with something around its store and its models.
  // whatever goes wrong, what is open by then is closed
  @SuppressWarnings("IllegalCatch")
  public static AskApe open(
      Settings settings, Map<String, String> environment, String version, Around around) {
    var opened = new Opened();
    try {
      return open(settings, environment, version, around, opened);
    } catch (RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  private static AskApe open(
      Settings settings,
      Map<String, String> environment,
      String version,
      Around around,
      Opened opened) {
    var parts = new Parts(settings);
    var clock = InstantSource.system();
    var store = opened.add(Stores.open(parts, clock));
    int interrupted = store.interruptRunning(clock.instant());
    var loops = opened.add(EventLoops.start(0));
    var offered = opened.add(Offered.by(settings, parts.local(), environment, loops.loops()));
    var chat =
        opened.add(
            new Chat(
                around.store(store),
                around.models(offered.models()),
                O200kTokens.load(),
                parts.chat(),
                clock));
    settings
        .storage()
        .guestRetention()
        .ifPresent(guests -> opened.add(Retention.start(chat, store, guests, clock)));
    var sockets = opened.add(new SocketServer(parts.sockets(), loops));
    var gateway = new Gateway(chat, parts.gateway(), loops);
    gateway.attach(sockets);
    var rest = opened.add(new Rest(chat, version, clock));
    var routes = new ArrayList<HttpRoute>(rest.routes());
    routes.add(sockets.route());
    routes.add(new StatusPage(offered.models(), version).route());
    var http = opened.add(HttpServer.start(parts.http(), loops, routes));
    offered.start();
    return new AskApe(opened, settings, store, http, sockets, chat, gateway, offered, interrupted);
  }

  public int port() {
    return http.port();
  }

  /// What to tell who started it: where it listens, what it offers, how to get more.
  public List<String> greeting() {
    var lines = new ArrayList<String>();
    lines.add("AskApe listens on http://" + settings.server().host() + ":" + port());
    lines.add(
        "Open mode: whoever reaches it is who he says he is"
            + (settings.server().isLoopback() ? " (this machine only)." : "."));
    lines.addAll(Stores.notes(store, settings));
    if (interrupted > 0) {
      lines.add(
          interrupted == 1
              ? "One answer had been running when the last process died; it is marked as interrupted."
              : interrupted
                  + " answers had been running when the last process died; they are marked as interrupted.");
    }
    lines.addAll(offered.notes());
    return lines;
  }

  /// Takes nothing new, gives running answers their time, ends the rest as interrupted, then closes
  /// every connection so that clients come back.
  @Override
  public void close() {
    http.stopAccepting();
    chat.drain(settings.shutdown().grace());
    gateway.awaitTold(LAST_WORDS);
    sockets.close();
    opened.close();
  }
}
