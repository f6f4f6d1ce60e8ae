package dev.usher;

import dev.usher.config.Tls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a server's certificate again every few seconds, and has the server use it when it has
 * changed: for the connections that are opened from then on.
 *
 * <p>Two files cannot be replaced at once, so a certificate and a key that do not belong together,
 * or cannot be read, are left alone until they do: until then the server keeps what it has.
 */
final class CertificateWatch {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);

  /** The kinds of key that Vert.x reads from PEM, each with a signature that it makes. */
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA");

  private final Vertx vertx;
  private final Tls files;
  private final Duration interval;
  private final Function<PemKeyCertOptions, Future<Void>> server;
  private volatile @Nullable PemKeyCertOptions used; // null: what was read at the start
  private volatile String fault = "";
  private volatile boolean stopped;

  /**
   * @param interval between two looks
   * @param server uses another certificate from now on
   */
  CertificateWatch(
      Vertx vertx, Tls files, Duration interval, Function<PemKeyCertOptions, Future<Void>> server) {
    this.vertx = vertx;
    this.files = files;
    this.interval = interval;
    this.server = server;
  }

  void start() {
    look();
  }

  void stop() {
    stopped = true;
  }

  private void look() {
    if (stopped) {
      return;
    }
    Future.all(
            vertx.fileSystem().readFile(files.certificate().toString()),
            vertx.fileSystem().readFile(files.key().toString()))
        .compose(
            read ->
                renew(
                    new PemKeyCertOptions()
                        .setCertValue(read.resultAt(0))
                        .setKeyValue(read.resultAt(1))))
        .onComplete(
            done -> {
              tell(done.cause());
              vertx.setTimer(interval.toMillis(), _ -> look());
            });
  }

  private Future<Void> renew(PemKeyCertOptions found) {
    if (found.equals(used)) {
      return Future.succeededFuture();
    }
    return vertx
        .executeBlocking(() -> belongTogether(found))
        .compose(
            together ->
                together
                    ? server.apply(found).onSuccess(_ -> renewed(found))
                    : Future.failedFuture("the key is not the certificate's"));
  }

  private void renewed(PemKeyCertOptions found) {
    if (used != null) { // at first it is what the server has read by itself
      LOG.info("{} has changed: new connections get the new certificate", files.certificate());
    }
    used = found;
  }

  /** Whether what the key signs is valid under the first certificate. */
  private boolean belongTogether(PemKeyCertOptions pem) throws Exception {
    X509KeyManager keys = (X509KeyManager) pem.getKeyManagerFactory(vertx).getKeyManagers()[0];
    for (Map.Entry<String, String> kind : SIGNATURES.entrySet()) {
      String[] names = keys.getServerAliases(kind.getKey(), null);
      if (names != null) {
        return signs(keys, names[0], kind.getValue());
      }
    }
    return false;
  }

  private static boolean signs(X509KeyManager keys, String name, String algorithm)
      throws GeneralSecurityException {
    byte[] something = "usher".getBytes(StandardCharsets.US_ASCII);
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(keys.getPrivateKey(name));
    signature.update(something);
    byte[] signed = signature.sign();
    signature.initVerify(keys.getCertificateChain(name)[0].getPublicKey());
    signature.update(something);
    return signature.verify(signed);
  }

  /** Says a fault once, as long as it stays the same. */
  private void tell(@Nullable Throwable failure) {
    String found = failure == null ? "" : failure.toString();
    if (!found.equals(fault) && !found.isEmpty()) {
      LOG.warn(
          "{} and {} cannot be used, the certificate from before is: {}",
          files.certificate(),
          files.key(),
          found);
    }
    fault = found;
  }
}
