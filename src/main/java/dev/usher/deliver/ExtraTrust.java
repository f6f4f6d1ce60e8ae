package dev.usher.deliver;

import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts what the JVM trusts, and some certificates besides. A value, so that connections made with
 * equal ones are shared.
 *
 * @param pems each with one certificate or more
 */
record ExtraTrust(List<String> pems) implements TrustOptions {
  ExtraTrust {
    pems = List.copyOf(pems);
  }

  @Override
  public TrustOptions copy() {
    return this;
  }

  /** Takes some milliseconds; Vert.x calls it on a worker thread and keeps the result. */
  @Override
  public TrustManagerFactory getTrustManagerFactory(Vertx vertx)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (X509Certificate anchor : anchorsOfTheJvm()) {
      store.setCertificateEntry("jvm-" + number++, anchor);
    }
    CertificateFactory certificates = CertificateFactory.getInstance("X.509");
    for (String pem : pems) {
      byte[] bytes = pem.getBytes(StandardCharsets.US_ASCII);
      for (Certificate extra : certificates.generateCertificates(new ByteArrayInputStream(bytes))) {
        store.setCertificateEntry("extra-" + number++, extra);
      }
    }
    return factory(store);
  }

  private static List<X509Certificate> anchorsOfTheJvm() throws GeneralSecurityException {
    return Arrays.stream(factory(null).getTrustManagers())
        .flatMap(
            manager ->
                manager instanceof X509TrustManager x509
                    ? Arrays.stream(x509.getAcceptedIssuers())
                    : Stream.empty())
        .toList();
  }

  private static TrustManagerFactory factory(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }

  /** Asked by servers only. */
  @Override
  public Function<String, TrustManager[]> trustManagerMapper(Vertx vertx)
      throws GeneralSecurityException, IOException {
    TrustManager[] managers = getTrustManagerFactory(vertx).getTrustManagers();
    return _ -> managers;
  }
}
