package dev.usher.bare;

import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What the processes that stand beside Usher in the bench have in common. */
public final class BareVertx {
  /** The port of a server whose instances share whichever one is free. */
  static final int SHARED_FREE_PORT = -1;

  /** Behind this word a process prints its ports once it serves. */
  public static final String READY = "ready";

  private static final long START_SECONDS = 30;

  private BareVertx() {}

  /** Vert.x with so many event loops, on the native transport. */
  public static Vertx start(int eventLoops) {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions().setEventLoopPoolSize(eventLoops).setPreferNativeTransport(true));
    if (!vertx.isNativeTransportEnabled()) {
      throw new IllegalStateException(
          "no native transport", vertx.unavailableNativeTransportCause());
    }
    return vertx;
  }

  /** Deploys so many instances and waits for them. Not to be called on an event loop. */
  public static void deploy(Vertx vertx, int instances, Supplier<? extends Deployable> verticle)
      throws TimeoutException {
    vertx
        .deployVerticle(verticle, new DeploymentOptions().setInstances(instances))
        .await(START_SECONDS, TimeUnit.SECONDS);
  }

  /** Loopback, and HTTP/1.1 alone: no upgrade to HTTP/2 in the pipeline. */
  static HttpServerOptions serverOptions() {
    return new HttpServerOptions().setHost("127.0.0.1").setHttp2ClearTextEnabled(false);
  }

  /**
   * The same, over TLS where the arguments have a certificate's file and its key's at {@code at}.
   */
  static HttpServerOptions serverOptions(String[] args, int at) {
    HttpServerOptions options = serverOptions();
    if (args.length > at) {
      options
          .setSsl(true)
          .setUseAlpn(true)
          .setAlpnVersions(List.of(HttpVersion.HTTP_1_1))
          .setKeyCertOptions(
              new PemKeyCertOptions().setCertPath(args[at]).setKeyPath(args[at + 1]));
    }
    return options;
  }

  /** Tells the bench the ports, then ends with the bench: when standard input is closed. */
  static void serveUntilOrphaned(int... ports) throws IOException {
    System.out.println(
        READY + Arrays.stream(ports).mapToObj(port -> " " + port).collect(Collectors.joining()));
    while (System.in.read() >= 0) {
      // The bench writes nothing; it only holds the pipe open.
    }
    System.exit(0);
  }
}
