package dev.usher.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.testing.CapturedLog;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.ServeProcess;
import dev.usher.testing.TestCertificate;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The streams of live events without a browser: many of them, and several on one connection. */
@ExtendWith(EmbeddedStoresExtension.class)
class LiveStreamsIT {
  private static final String FOLLOWER = LiveEvents.class.getName() + "$Follower";
  private static final int ROUNDS = 60;

  /** Until classes, pools and caches are what they stay. */
  private static final int ROUNDS_BEFORE = 20;

  /** As many as a node serves at a time. */
  private static final int AT_ONCE = 60;

  @Test
  void thousandsOfStreamsThatBreakOffLeaveNothingBehind(TestStores stores)
      throws IOException, InterruptedException {
    try (TestGateway gateway = TestGateway.start(stores);
        ServeProcess node = ServeProcess.start(stores);
        HttpClient http = HttpClient.newBuilder().version(Version.HTTP_1_1).build()) {
      TestSource tenant = gateway.newSource();
      URI console = node.control();
      String cookie = signIn(http, console, tenant.apiKey());
      for (int i = 0; i < ROUNDS_BEFORE; i++) {
        round(console, http, cookie, tenant);
      }
      awaitRest(() -> assertThat(Heap.of(node).followers()).isZero());
      long bytes = Heap.of(node).bytes();
      int files = openFiles(node);
      for (int i = 0; i < ROUNDS; i++) {
        round(console, http, cookie, tenant);
      }
      awaitRest(() -> assertThat(Heap.of(node).followers()).isZero());
      awaitRest(() -> assertThat(openFiles(node)).isLessThan(files + AT_ONCE));
      // 3,600 streams: a kilobyte that each leaves would show.
      long most = bytes + ROUNDS * AT_ONCE * 1_024L;
      awaitRest(() -> assertThat(Heap.of(node).bytes()).isLessThan(most));
    }
  }

  /** Sixty begin, see an event, and break off. */
  private static void round(URI node, HttpClient http, String cookie, TestSource tenant)
      throws IOException, InterruptedException {
    List<InputStream> streams = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      HttpResponse<InputStream> stream = open(http, node, cookie);
      assertThat(stream.statusCode()).isEqualTo(200);
      streams.add(stream.body());
    }
    assertThat(tenant.send(TestSource.newPayload()).statusCode()).isEqualTo(202);
    assertThat(read(streams.getLast(), "invoice.purchase")).contains("event: row", "id: evt_");
    for (InputStream stream : streams) {
      stream.close();
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> open(http, node, cookie), LiveStreamsIT::taken);
  }

  /** Waits until nothing is left of streams that broke off. */
  private static void awaitRest(ThrowingRunnable nothingLeft) {
    Awaitility.await()
        .pollInterval(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(nothingLeft);
  }

  private static boolean taken(HttpResponse<InputStream> stream) {
    try {
      stream.body().close();
    } catch (IOException e) {
      return false;
    }
    return stream.statusCode() == 200;
  }

  @Test
  void severalStreamsOnOneConnectionEndWhenTheNodeStops(TestStores stores, @TempDir Path directory)
      throws Exception {
    TestCertificate certificate = TestCertificate.of("dns:localhost,ip:127.0.0.1");
    Path pem = Files.writeString(directory.resolve("cert.pem"), certificate.certificate());
    Path key = Files.writeString(directory.resolve("key.pem"), certificate.key());
    try (CapturedLog log = new CapturedLog();
        TestGateway plain = TestGateway.start(stores);
        HttpClient http = HttpClient.newBuilder().sslContext(trusting(pem)).build()) {
      TestSource tenant = plain.newSource();
      TestGateway gateway =
          TestGateway.start(
              stores,
              Map.of(
                  "USHER_CONTROL_TLS_CERTIFICATE",
                  pem.toString(),
                  "USHER_CONTROL_TLS_KEY",
                  key.toString()));
      URI base = URI.create("https://localhost:" + gateway.control("/").getPort() + "/");
      String cookie = signIn(http, base, tenant.apiKey());
      List<HttpResponse<InputStream>> streams = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        HttpResponse<InputStream> stream = open(http, base, cookie);
        assertThat(stream.version()).isEqualTo(Version.HTTP_2);
        assertThat(read(stream.body(), "retry")).contains("retry: 2000");
        streams.add(stream);
      }
      gateway.close();
      assertThat(log.lines()).noneMatch(line -> line.contains("did not end within"));
      for (HttpResponse<InputStream> stream : streams) {
        stream.body().close();
      }
    }
  }

  @Test
  void whoeverMayNotFollowIsToldSoAndNotToAskAgain(TestStores stores)
      throws IOException, InterruptedException {
    try (TestGateway gateway = TestGateway.start(stores);
        HttpClient http = HttpClient.newBuilder().version(Version.HTTP_1_1).build()) {
      HttpResponse<InputStream> stream = open(http, gateway.control("/"), "usher_session=none");
      assertThat(stream.headers().firstValue("content-type")).hasValue("text/event-stream");
      assertThat(new String(stream.body().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("event: over\n");
    }
  }

  private static HttpResponse<InputStream> open(HttpClient http, URI base, String cookie)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(base.resolve("/console/events/live"))
            .timeout(Duration.ofSeconds(20))
            .header("cookie", cookie)
            .build(),
        BodyHandlers.ofInputStream());
  }

  private static String signIn(HttpClient http, URI base, String key)
      throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(base.resolve("/console/sign-in"))
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("key=" + key))
                .build(),
            BodyHandlers.discarding())
        .headers()
        .firstValue("set-cookie")
        .orElseThrow()
        .replaceFirst(";.*", "");
  }

  /** What comes until this does. */
  private static String read(InputStream stream, String until) throws IOException {
    StringBuilder read = new StringBuilder();
    byte[] buffer = new byte[8_192];
    while (read.indexOf(until) < 0) {
      int length = stream.read(buffer);
      assertThat(length).as(read.toString()).isPositive();
      read.append(new String(buffer, 0, length, StandardCharsets.UTF_8));
    }
    return read.toString();
  }

  private static SSLContext trusting(Path pem) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(pem)) {
      store.setCertificateEntry(
          "it", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /**
   * What a node's heap holds after a collection. The node is a process of its own: in this one
   * gateways of other tests left theirs, and a collection of all that stops its event loops long.
   *
   * @param followers streams that can still be reached from anywhere
   */
  private record Heap(long followers, long bytes) {
    /** Asks the JVM's diagnostic command: the histogram collects garbage first. */
    static Heap of(ServeProcess node) throws IOException, InterruptedException {
      Process jcmd =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(node.pid()),
                  "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      List<String> lines = jcmd.inputReader().lines().toList();
      assertThat(jcmd.waitFor()).as("%s", lines).isZero();
      return new Heap(count(lines, 3, FOLLOWER, 1), count(lines, 0, "Total", 2));
    }

    /** The number in a column of the line that has this text in another; 0 without the line. */
    private static long count(List<String> lines, int at, String text, int column) {
      return lines.stream()
          .map(line -> line.strip().split("\\s+"))
          .filter(columns -> columns.length > Math.max(at, column) && columns[at].equals(text))
          .mapToLong(columns -> Long.parseLong(columns[column]))
          .sum();
    }
  }

  private static int openFiles(ServeProcess node) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(node.pid()), "fd"))) {
      return Math.toIntExact(files.count());
    }
  }
}
