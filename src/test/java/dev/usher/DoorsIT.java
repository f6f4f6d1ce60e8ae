package dev.usher;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.usher.testing.CapturedLog;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestCertificate;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How a connection ends at the doors. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoorsIT {
  /** More than the sockets' buffers hold. */
  private static final int MUCH = 12 << 20;

  private static final String JSON = "Content-Type: application/json\r\n";

  private final TestStores stores;
  private final TestGateway gateway;
  private final TestSource source;

  DoorsIT(TestStores stores) {
    this.stores = stores;
    this.gateway = TestGateway.start(stores);
    this.source = gateway.newSource();
  }

  @AfterAll
  void stop() {
    gateway.close();
  }

  /** A request that is refused before it is read to its end. */
  private record Refused(String name, boolean control, String begin, String status) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Refused> refusedEarly() {
    String tooLong = JSON + "Content-Length: " + MUCH + "\r\n\r\n";
    return Stream.of(
        new Refused(
            "a body over the limit", false, "POST {path} HTTP/1.1\r\nHost: a\r\n" + tooLong, "413"),
        new Refused(
            "a GET with a body", false, "GET {path} HTTP/1.1\r\nHost: a\r\n" + tooLong, "405"),
        new Refused(
            "a header over the limit", false, "POST {path} HTTP/1.1\r\nHost: a\r\nX: ", "431"),
        new Refused("a line over the limit", false, "POST {path}?", "431"),
        new Refused(
            "no HTTP", false, "POST {path} HTTP/1.1\r\nHost: a\r\n\u0001: b\r\n\r\n", "400"),
        new Refused(
            "a header over the limit at the API", true, "GET /v1/events HTTP/1.1\r\nX: ", "431"),
        new Refused("a line over the limit at the API", true, "GET /v1/events?type=", "414"));
  }

  @ParameterizedTest
  @MethodSource("refusedEarly")
  void whoWritesItsWholeRequestBeforeItReadsCanReadTheRefusal(Refused refused) throws IOException {
    try (Socket socket = socket(refused.control)) {
      OutputStream out = socket.getOutputStream();
      out.write(refused.begin.replace("{path}", source.path()).getBytes(US_ASCII));
      out.write("a".repeat(MUCH).getBytes(US_ASCII));
      out.flush();
      assertThat(rest(socket)).matches(answer(refused.status));
    }
  }

  @Test
  void whoNeverStopsWritingAfterARefusalIsCutOff() throws IOException {
    try (Socket socket = socket(false)) {
      OutputStream out = socket.getOutputStream();
      out.write(("POST " + source.path() + "?").getBytes(US_ASCII));
      byte[] more = "a".repeat(1 << 20).getBytes(US_ASCII);
      assertThatThrownBy(
              () -> {
                for (int mebibytes = 0; mebibytes < 128; mebibytes++) {
                  out.write(more);
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void whoKeepsItsConnectionAfterARefusalLosesIt() throws IOException {
    try (Socket socket = socket(false)) {
      OutputStream out = socket.getOutputStream();
      out.write("no HTTP\r\n\r\n".getBytes(US_ASCII));
      assertThat(rest(socket)).matches(answer("400")); // and then its end
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                try {
                  out.write('a');
                  return false;
                } catch (IOException closed) {
                  return true;
                }
              });
    }
  }

  @Test
  void whatStrangersDoWrongDoesNotFillTheLog() throws IOException {
    try (CapturedLog log = new CapturedLog()) {
      for (boolean control : new boolean[] {false, true}) {
        try (Socket socket = socket(control)) {
          socket.getOutputStream().write("no HTTP\r\n\r\n".getBytes(US_ASCII));
          assertThat(rest(socket)).matches(answer("400"));
        }
      }
      assertThat(log.lines()).noneMatch(line -> line.contains("\"ERROR\""));
    }
  }

  @Test
  void theSameHoldsBehindTls(@TempDir Path directory) throws IOException {
    TestCertificate certificate = TestCertificate.of("dns:localhost,ip:127.0.0.1");
    Path shown = Files.writeString(directory.resolve("tls.crt"), certificate.certificate());
    Path key = Files.writeString(directory.resolve("tls.key"), certificate.key());
    try (TestGateway secure =
            TestGateway.start(
                stores,
                Map.of(
                    "USHER_INGRESS_TLS_CERTIFICATE", shown.toString(),
                    "USHER_INGRESS_TLS_KEY", key.toString()));
        SSLSocket socket = tls(secure.ingress("/"))) {
      String head = "POST /in/x HTTP/1.1\r\nHost: a\r\n" + JSON + "Content-Length: " + MUCH;
      socket.getOutputStream().write((head + "\r\n\r\n" + "a".repeat(MUCH)).getBytes(US_ASCII));
      socket.getOutputStream().flush();
      assertThat(rest(socket)).matches(answer("413"));
    }
  }

  private Socket socket(boolean control) throws IOException {
    URI url = control ? gateway.control("/") : gateway.ingress("/");
    Socket socket = new Socket(url.getHost(), url.getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** All that comes until the other side ends. */
  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), UTF_8);
  }

  /** Of what has no version of HTTP, the server makes version 1.0. */
  private static Pattern answer(String status) {
    return Pattern.compile("HTTP/1\\.[01] " + status + " .*", Pattern.DOTALL);
  }

  private static SSLSocket tls(URI url) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustAnybody()}, null);
      SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket(url.getHost(), url.getPort());
      socket.setSoTimeout(20_000);
      return socket;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Whose certificate it is, is what is looked at here. */
  private static final class TrustAnybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
