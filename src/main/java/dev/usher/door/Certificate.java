package dev.usher.door;

import dev.usher.config.Tls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileProps;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A door's certificate and key, read again when their files change. Connections that are open keep
 * the one that they began with.
 *
 * <p>The two files cannot be replaced in one step, so a change counts when the files have stayed
 * the same from one look to the next. What cannot be read then, or does not belong together, is
 * named in the log, and the certificate before it stays in use.
 *
 * <p>Lives on the event loop that began it; one for all servers that share a port.
 */
public final class Certificate {
  private static final Logger LOG = LoggerFactory.getLogger(Certificate.class);

  /** A change is in use after two to four seconds. */
  private static final long LOOK_MILLIS = 2_000;

  private final Vertx vertx;
  private final HttpServer server;
  private final Tls files;
  private final ServerSSLOptions options;
  private Stamp tried = Stamp.NONE; // each change once; at first what may have changed at the start
  private Stamp last = Stamp.NONE;

  /** What tells a file from its successor; links are followed. */
  private record Stamp(
      long certificateMillis, long certificateBytes, long keyMillis, long keyBytes) {
    static final Stamp NONE = new Stamp(0, 0, 0, 0);

    static Stamp of(FileProps certificate, FileProps key) {
      return new Stamp(
          certificate.lastModifiedTime(), certificate.size(), key.lastModifiedTime(), key.size());
    }
  }

  private Certificate(Vertx vertx, HttpServer server, HttpServerOptions options, Tls files) {
    this.vertx = vertx;
    this.server = server;
    this.files = files;
    this.options = options.getSslOptions().copy();
  }

  /**
   * Makes a server speak TLS 1.2 or newer, with this certificate.
   *
   * @param versions of HTTP that it speaks, the preferred one first
   */
  public static void show(HttpServerOptions options, Tls files, List<HttpVersion> versions) {
    options
        .setSsl(true)
        .setUseAlpn(true)
        .setAlpnVersions(versions)
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertPath(files.certificate().toString())
                .setKeyPath(files.key().toString()));
  }

  /**
   * Keeps the certificate of a server that listens up to date, until Vert.x is closed.
   *
   * @param options those that {@link #show} has changed
   */
  public static void renew(Vertx vertx, HttpServer server, HttpServerOptions options, Tls files) {
    Certificate certificate = new Certificate(vertx, server, options, files);
    vertx.setPeriodic(LOOK_MILLIS, _ -> certificate.look());
  }

  private Future<Stamp> stamp() {
    return vertx
        .fileSystem()
        .props(files.certificate().toString())
        .compose(
            certificate ->
                vertx
                    .fileSystem()
                    .props(files.key().toString())
                    .map(key -> Stamp.of(certificate, key)));
  }

  private void look() {
    stamp()
        .onComplete(
            stamp -> {
              boolean settled = stamp.equals(last);
              last = stamp;
              if (settled && !stamp.equals(tried)) {
                tried = stamp;
                use();
              }
            },
            missing -> last = Stamp.NONE); // being replaced: the next look finds the new one
  }

  /** Takes an event loop some milliseconds, once for each change. */
  private Future<Void> check(Buffer certificate, Buffer key) {
    PemKeyCertOptions pem = new PemKeyCertOptions().setCertValue(certificate).setKeyValue(key);
    try {
      return KeyMatch.isOf(vertx, pem)
          ? Future.succeededFuture()
          : Future.failedFuture("the key is not the certificate's");
    } catch (Exception e) { // of the many that reading a key can throw
      return Future.failedFuture(e);
    }
  }

  private void use() {
    Future.all(
            vertx.fileSystem().readFile(files.certificate().toString()),
            vertx.fileSystem().readFile(files.key().toString()))
        .compose(read -> check(read.resultAt(0), read.resultAt(1)))
        .compose(_ -> server.updateSSLOptions(options, true))
        .onComplete(
            _ -> LOG.debug("The certificate in {} is in use", files.certificate()),
            failure ->
                LOG.error(
                    "The certificate in {} and its key in {} cannot be used, the one before stays:"
                        + " {}",
                    files.certificate(),
                    files.key(),
                    failure.toString()));
  }
}
