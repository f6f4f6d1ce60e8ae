package dev.usher.deliver;

import dev.usher.config.DeliveryConfig;
import dev.usher.config.Proxy;
import dev.usher.config.Secret;
import dev.usher.event.ClientTls;
import dev.usher.event.Endpoint;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import io.vertx.core.tracing.TracingPolicy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What connections to endpoints are like: kept alive and used again, over HTTP/2 where a TLS
 * endpoint offers it, TLS 1.2 or newer with the certificate and the name verified, and through the
 * operator's proxy where there is one.
 */
public final class Connections {
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  /** Shorter than what servers usually keep: better a new connection than one that is closing. */
  private static final int KEEP_ALIVE_SECONDS = 15;

  private static final int HEADER_BYTES = 16 * 1024;
  private static final Set<String> TLS = Set.of("TLSv1.2", "TLSv1.3");

  private final List<String> extraCas;
  private final AddressRules rules;
  private final @Nullable ProxyOptions proxy;

  /**
   * @param extraCas PEM texts of certificates that are trusted at every endpoint besides the usual
   *     ones; empty for none
   */
  public Connections(DeliveryConfig config, List<String> extraCas, AddressRules rules) {
    this.extraCas = List.copyOf(extraCas);
    this.rules = rules;
    this.proxy = config.proxy() == null ? null : options(config.proxy());
  }

  private static ProxyOptions options(Proxy proxy) {
    ProxyOptions options =
        new ProxyOptions()
            .setType(ProxyType.HTTP)
            .setHost(proxy.host())
            .setPort(proxy.port())
            .setConnectTimeout(Duration.ofMillis(CONNECT_TIMEOUT_MILLIS));
    Secret password = proxy.password();
    if (password != null) {
      options.setUsername(proxy.user()).setPassword(password.text());
    }
    return options;
  }

  HttpClientOptions client() {
    HttpClientOptions options =
        new HttpClientOptions()
            // A span that Vert.x made would tell the whole address, which may be a secret.
            .setTracingPolicy(TracingPolicy.IGNORE)
            .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
            .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
            .setHttp2KeepAliveTimeout(KEEP_ALIVE_SECONDS)
            .setDecompressionSupported(false)
            .setMaxHeaderSize(HEADER_BYTES)
            .setInitialSettings(
                new Http2Settings().setPushEnabled(false).setMaxHeaderListSize(HEADER_BYTES))
            .setTcpNoDelay(true)
            .setVerifyHost(true)
            .setEnabledSecureTransportProtocols(TLS)
            // For TLS the endpoint chooses; without TLS it is HTTP/1.1.
            .setUseAlpn(true)
            .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1));
    return extraCas.isEmpty() ? options : options.setTrustOptions(new ExtraTrust(extraCas));
  }

  /** The lanes limit what is under way; the pool only must not limit it earlier. */
  PoolOptions pool() {
    return new PoolOptions().setHttp1MaxSize(1_000).setHttp2MaxSize(1).setMaxWaitQueueSize(1_000);
  }

  /** Adds to {@code options} what this endpoint and this address need. */
  RequestOptions prepare(RequestOptions options, Endpoint endpoint, InetAddress address) {
    if (endpoint.tls() != null) {
      options.setSslOptions(own(endpoint.tls()));
    }
    // The networks that the operator opened lie on this side of the proxy. It is told the address
    // that was checked, and not the name: what the name means to it we could not check.
    return proxy == null || rules.isAllowedByOperator(address)
        ? options
        : options.setProxyOptions(proxy);
  }

  private ClientSSLOptions own(ClientTls tls) {
    ClientSSLOptions options = new ClientSSLOptions().setEnabledSecureTransportProtocols(TLS);
    List<String> trusted = new ArrayList<>(extraCas);
    if (tls.ca() != null) {
      trusted.add(tls.ca());
    }
    if (!trusted.isEmpty()) {
      options.setTrustOptions(new ExtraTrust(trusted));
    }
    if (tls.certificate() != null && tls.key() != null) {
      options.setKeyCertOptions(
          new PemKeyCertOptions()
              .addCertValue(Buffer.buffer(tls.certificate()))
              .addKeyValue(Buffer.buffer(tls.key())));
    }
    return options;
  }
}
