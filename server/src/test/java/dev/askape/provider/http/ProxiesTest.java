package dev.askape.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.askape.provider.Secret;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {
  private static final URI SECURE = URI.create("https://api.example.org/v1");
  private static final URI PLAIN = URI.create("http://api.example.org/v1");

  @Test
  void hasOneForEachScheme() {
    var proxies = Proxies.from(Map.of("HTTPS_PROXY", "http://a:1", "HTTP_PROXY", "b:2"));

    assertThat(proxies.to(SECURE)).map(ProxyServer::host).contains("a");
    assertThat(proxies.to(PLAIN)).map(ProxyServer::port).contains(2);
    assertThat(Proxies.from(Map.of("HTTPS_PROXY", "a:1")).to(PLAIN)).isEmpty();
    assertThat(Proxies.from(Map.of()).to(SECURE)).isEmpty();
  }

  @Test
  void prefersTheLowerCase() {
    var proxies = Proxies.from(Map.of("HTTPS_PROXY", "a:1", "https_proxy", "b:2"));

    assertThat(proxies.to(SECURE)).map(ProxyServer::host).contains("b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*|true",
        "example.org|true",
        ".example.org|true",
        "*.example.org|true",
        "API.EXAMPLE.ORG|true",
        "x.org, api.example.org:443|true",
        "x.org api.example.org|true",
        "api.example.org:80|false",
        "ample.org|false",
        "example.or|false",
        "org.|false"
      })
  void exceptsWhatNoProxyNames(String none, boolean excepted) {
    var proxies = Proxies.from(Map.of("HTTPS_PROXY", "a:1", "NO_PROXY", none));

    assertThat(proxies.to(SECURE).isEmpty()).isEqualTo(excepted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:1/v1",
        "http://127.0.0.1:1",
        "http://127.9.9.9",
        "http://[::1]:8080/v1",
        "http://a.localhost"
      })
  void neverGoesThroughOneToThisMachine(String url) {
    assertThat(Proxies.from(Map.of("HTTP_PROXY", "a:1")).to(URI.create(url))).isEmpty();
  }

  @Test
  void readsUserAndPassword() {
    var proxy =
        Proxies.from(Map.of("https_proxy", "http://me:p%40ss+w@proxy:3128/")).to(SECURE).get();

    assertThat(proxy)
        .isEqualTo(
            new ProxyServer(
                "proxy", 3128, Optional.of(new ProxyServer.Login("me", new Secret("p@ss+w")))));
    assertThat(proxy.toString()).doesNotContain("ss+w").doesNotContain("p%40");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://planted@proxy:1",
        "socks5://planted:1",
        "http://u:planted@",
        "http://u:pl%zzanted@h:1",
        "http://h:99999",
        "http://h:1/planted",
        "planted planted"
      })
  void refusesWhatIsNoProxyAndDoesNotRepeatIt(String value) {
    assertThatThrownBy(() -> Proxies.from(Map.of("HTTPS_PROXY", value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HTTPS_PROXY")
        .hasMessageNotContaining("planted");
  }
}
