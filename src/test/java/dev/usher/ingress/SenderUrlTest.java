package dev.usher.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.event.Network;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The address that a sender called, told over real HTTP from the loopback. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SenderUrlTest {
  private static final List<Network> OURS =
      List.of(Network.parse("127.0.0.0/8"), Network.parse("10.0.0.0/8"));

  private final Vertx vertx = Vertx.vertx();
  private volatile SenderUrl urls = new SenderUrl(new SenderAddress(OURS));
  private final HttpServer server =
      vertx
          .createHttpServer()
          .requestHandler(request -> request.response().end(urls.of(request)))
          .listen(0, "127.0.0.1")
          .toCompletionStage()
          .toCompletableFuture()
          .join();

  @AfterAll
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Forwarded: proto=https;host=a.example                                  | https://a.example/in/x?b=1
          Forwarded: For=1.2.3.4;Proto=HTTPS;Host="a.example:8443"               | https://a.example:8443/in/x?b=1
          Forwarded: for=1.2.3.4                                                 | http://direct:81/in/x?b=1
          Forwarded: proto=gopher;host=a.example                                 | http://a.example/in/x?b=1
          Forwarded: for=9.9.9.9;host=forged, for=1.2.3.4;host=a;proto=https     | https://a/in/x?b=1
          Forwarded: for=1.2.3.4;host=a;proto=https, for=10.0.0.1;host=b         | https://a/in/x?b=1
          Forwarded: for=1.2.3.4;host=a, for=10.0.0.1;proto=https                | https://a/in/x?b=1
          X-Forwarded-Proto: https                                               | https://direct:81/in/x?b=1
          X-Forwarded-Host: a.example                                            | http://a.example/in/x?b=1
          X-Forwarded-Host: forged, a.example                                    | http://a.example/in/x?b=1
          X-Forwarded-Proto: HTTPS;X-Forwarded-Host: a                           | https://a/in/x?b=1
          X-Forwarded-Host: a;X-Forwarded-Port: 443                              | http://a/in/x?b=1
          X-Forwarded-Host: a;X-Forwarded-Port: 8443                             | http://a:8443/in/x?b=1
          X-Forwarded-Host: a:99;X-Forwarded-Port: 8443                          | http://a:99/in/x?b=1
          X-Forwarded-Host: [::1];X-Forwarded-Port: 8443                         | http://[::1]:8443/in/x?b=1
          X-Forwarded-For: 1.2.3.4, 10.0.0.1;X-Forwarded-Host: f, a, b           | http://a/in/x?b=1
          X-Forwarded-For: 10.0.0.2, 10.0.0.1;X-Forwarded-Host: a                | http://a/in/x?b=1
          Forwarded: host=a;X-Forwarded-Host: b                                  | http://a/in/x?b=1
          """)
  void behindOurBalancersItIsWhatTheFirstOfThemSaw(String headers, String url) throws Exception {
    // A semicolon parts headers here where a header's name follows it, and parameters elsewhere.
    String lines = headers.replaceAll(";(?=X-)", "\r\n");
    assertThat(ask(OURS, lines)).isEqualTo(url);
  }

  @Test
  void ofOthersTheHeadersAreNotBelieved() throws Exception {
    for (String header :
        List.of(
            "Forwarded: proto=https;host=a", "X-Forwarded-Host: a", "X-Forwarded-Proto: https")) {
      assertThat(ask(List.of(Network.parse("10.0.0.0/8")), header))
          .isEqualTo("http://direct:81/in/x?b=1");
    }
  }

  private String ask(List<Network> trusted, String headers) throws IOException {
    urls = new SenderUrl(new SenderAddress(trusted));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
      String request =
          "POST /in/x?b=1 HTTP/1.1\r\nHost: direct:81\r\nConnection: close\r\n"
              + headers
              + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
  }
}
