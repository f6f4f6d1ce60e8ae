package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.crypto.ShowpassSigner;
import dev.usher.testing.CapturedLog;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestCertificate;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The two doors behind certificates of the gateway's own, which are renewed while it runs. */
@ExtendWith(EmbeddedStoresExtension.class)
class TlsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String NAMES = "dns:localhost,ip:127.0.0.1";
  private static final TestCertificate FIRST = TestCertificate.of(NAMES);
  private static final TestCertificate SECOND = TestCertificate.of(NAMES);

  private final TestStores stores;
  @TempDir private Path directory;

  TlsIT(TestStores stores) {
    this.stores = stores;
  }

  @BeforeEach
  void writeTheFirst() throws IOException {
    write("certificate.pem", FIRST.certificate());
    write("key.pem", FIRST.key());
  }

  /** At once, as tools that renew certificates do. */
  private void write(String name, String text) throws IOException {
    Path next = Files.writeString(directory.resolve(name + ".next"), text);
    Files.move(next, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private TestGateway behind(String door) {
    return TestGateway.start(
        stores,
        Map.of(
            "USHER_" + door + "_TLS_CERTIFICATE", directory.resolve("certificate.pem").toString(),
            "USHER_" + door + "_TLS_KEY", directory.resolve("key.pem").toString()));
  }

  private static SSLContext trusting(TestCertificate certificate) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("it", parsed(certificate));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Certificate parsed(TestCertificate certificate) throws GeneralSecurityException {
    InputStream pem =
        new ByteArrayInputStream(certificate.certificate().getBytes(StandardCharsets.US_ASCII));
    return CertificateFactory.getInstance("X.509").generateCertificate(pem);
  }

  private static URI secure(URI plain) {
    return URI.create(plain.toString().replaceFirst("http:", "https:"));
  }

  private static HttpRequest event(TestGateway gateway, TestSource source) {
    JsonObject payload = TestSource.newPayload();
    return HttpRequest.newBuilder(secure(gateway.ingress(source.path())))
        .header("content-type", "application/json")
        .header(
            "X-SHOWPASS-SIGNATURE",
            new ShowpassSigner(source.secret()).sign(payload.getString("id")))
        .POST(HttpRequest.BodyPublishers.ofString(payload.encode()))
        .build();
  }

  /** The status; 0 where the gateway's certificate is not the one that is trusted. */
  private static int status(HttpClient client, HttpRequest request) {
    try {
      HttpResponse<Void> answer = client.send(request, HttpResponse.BodyHandlers.discarding());
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      return answer.statusCode();
    } catch (SSLException e) {
      return 0;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** On a connection of its own, by a sender that trusts this certificate and no other. */
  private static int statusOfANewSender(TestCertificate trusted, HttpRequest request) {
    try (HttpClient client = HttpClient.newBuilder().sslContext(trusting(trusted)).build()) {
      return status(client, request);
    }
  }

  @Test
  void aRenewedCertificateIsShownToNewSendersAndThoseThatAreConnectedAreNotCutOff()
      throws IOException {
    try (TestGateway gateway = behind("INGRESS");
        HttpClient connected = HttpClient.newBuilder().sslContext(trusting(FIRST)).build()) {
      TestSource source = gateway.newSource();
      assertThat(status(connected, event(gateway, source))).isEqualTo(202);
      assertThat(statusOfANewSender(SECOND, event(gateway, source))).isZero();

      write("certificate.pem", SECOND.certificate());
      write("key.pem", SECOND.key());

      // Every event loop shows it, whichever the connection comes to.
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                for (int i = 0; i < 8; i++) {
                  assertThat(statusOfANewSender(SECOND, event(gateway, source))).isEqualTo(202);
                }
              });
      assertThat(statusOfANewSender(FIRST, event(gateway, source))).isZero();
      assertThat(status(connected, event(gateway, source))).isEqualTo(202);
    }
  }

  @Test
  void aCertificateWithoutItsKeyIsLeftAloneAndEachFaultIsSaidOnce() throws IOException {
    try (CapturedLog log = new CapturedLog();
        TestGateway gateway = behind("INGRESS")) {
      TestSource source = gateway.newSource();
      write("certificate.pem", SECOND.certificate());
      await()
          .atMost(PATIENCE)
          .until(() -> log.lines().stream().anyMatch(line -> line.contains("not the certificate")));
      assertThat(statusOfANewSender(FIRST, event(gateway, source))).isEqualTo(202);

      write("key.pem", "no key");
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  log.lines().stream().filter(line -> line.contains("cannot be used")).count()
                      == 2);
      assertThat(statusOfANewSender(FIRST, event(gateway, source))).isEqualTo(202);

      write("key.pem", SECOND.key());
      await()
          .atMost(PATIENCE)
          .until(() -> statusOfANewSender(SECOND, event(gateway, source)) == 202);
      assertThat(log.lines().stream().filter(line -> line.contains("cannot be used"))).hasSize(2);
      assertThat(log.lines()).noneMatch(line -> line.contains(SECOND.key().substring(40, 80)));
    }
  }

  @Test
  void theManagementApiIsBehindItsOwnCertificateAndThatIsRenewedToo() throws Exception {
    try (TestGateway gateway = behind("CONTROL")) {
      URI api = secure(gateway.control("/v1/organizations"));
      HttpRequest list =
          HttpRequest.newBuilder(api)
              .version(HttpClient.Version.HTTP_1_1)
              .header("authorization", "Bearer " + TestGateway.ADMIN_KEY)
              .build();
      assertThat(statusOfANewSender(FIRST, list)).isEqualTo(200);
      write("certificate.pem", SECOND.certificate());
      write("key.pem", SECOND.key());
      await().atMost(PATIENCE).until(() -> statusOfANewSender(SECOND, list) == 200);
      assertThat(agreed(api, SECOND)).isEqualTo("h2"); // as before: nothing but the pair changes
    }
  }

  /** The protocol that the port agrees to with one that speaks HTTP/2 and HTTP/1.1. */
  private static String agreed(URI server, TestCertificate trusted) throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            trusting(trusted).getSocketFactory().createSocket(server.getHost(), server.getPort())) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket.getApplicationProtocol();
    }
  }
}
