package dev.usher.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.config.DeliveryConfig;
import dev.usher.config.Proxy;
import dev.usher.event.Attempt.Outcome;
import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.Hash128;
import dev.usher.event.Network;
import dev.usher.event.OrganizationId;
import dev.usher.event.SecretKey;
import dev.usher.testing.TestCertificate;
import dev.usher.testing.TestDns;
import dev.usher.testing.TestProxy;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TlsReceiver;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.dns.DnsClientOptions;
import io.vertx.core.http.HttpVersion;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One attempt, where the name of the endpoint's host is what goes wrong. */
class PosterIT {
  private static final EndpointId ID = new EndpointId(new UUID(0, 1));

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static AddressRules rules(String... allowed) {
    return new AddressRules(
        Stream.of(allowed).map(Network::parse).toList(), Set.of(443), new OwnListeners());
  }

  private Poster poster(TestDns dns) {
    return poster(dns, rules());
  }

  private Poster poster(TestDns dns, AddressRules rules) {
    return poster(dns, rules, 5_000, null, List.of());
  }

  private Poster poster(
      TestDns dns,
      AddressRules rules,
      int queryTimeoutMillis,
      @Nullable Proxy proxy,
      List<String> trusted) {
    DeliveryConfig config =
        new DeliveryConfig(
            List.of(),
            Set.of(443),
            Duration.ofSeconds(1),
            List.of(Duration.ofSeconds(1)),
            1,
            1,
            1 << 20,
            Duration.ofSeconds(5),
            null,
            proxy);
    DnsNameResolver names =
        new DnsNameResolver(
            vertx,
            new DnsClientOptions()
                .setHost("127.0.0.1")
                .setPort(dns.port())
                .setQueryTimeout(queryTimeoutMillis));
    return new Poster(
        vertx,
        config,
        new AddressGuard(rules, names),
        new Connections(config, trusted, rules),
        "test",
        InstantSource.system());
  }

  private Answer post(Poster poster, String url) {
    return post(poster, url, () -> true);
  }

  private Answer post(Poster poster, String url, BooleanSupplier maySend) {
    Endpoint endpoint =
        new Endpoint(
            ID,
            new OrganizationId(new UUID(0, 2)),
            "e",
            URI.create(url),
            List.of("*"),
            Endpoint.Status.ACTIVE,
            List.of(new SecretKey("key", null)),
            Endpoint.Signature.SHOWPASS,
            Map.of(),
            null,
            null,
            null,
            null,
            false,
            null,
            null,
            1);
    Event event =
        new Event(
            new EventId(new UUID(0, 3)),
            endpoint.organization(),
            null,
            "key",
            new Hash128(0, 0),
            new Hash128(0, 0),
            "a",
            null,
            "application/json",
            "",
            new byte[] {'{', '}'});
    Promise<Answer> answer = Promise.promise();
    vertx.runOnContext(
        _ ->
            poster
                .post(new Lane(ID), endpoint, new Delivery(event, ID, 0, 1), null, maySend)
                .onComplete(answer));
    return answer.future().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void aNameServerThatIsSilentEndsTheAttemptAtItsDeadline() {
    try (TestDns dns = TestDns.silent()) {
      long before = System.nanoTime();
      Answer answer = post(poster(dns), "https://slow.test/");
      assertThat(answer.outcome()).isEqualTo(Outcome.TIMEOUT);
      assertThat(answer.error())
          .isEqualTo("the endpoint's host could not be looked up within 1000 ms");
      // Not the resolver's five seconds: the deadline covers everything.
      assertThat(System.nanoTime() - before).isLessThan(Duration.ofSeconds(4).toNanos());
    }
  }

  @Test
  void aNameServerThatIsSilentIsNamedAlsoBeforeTheDeadline() {
    try (TestDns dns = TestDns.silent()) {
      Answer answer = post(poster(dns, rules(), 300, null, List.of()), "https://slow.test/");
      assertThat(answer.outcome()).isEqualTo(Outcome.TIMEOUT);
      assertThat(answer.error())
          .isEqualTo(
              "the endpoint's host could not be looked up: no name server answered within 300 ms");
    }
  }

  @Test
  void nothingIsSentOnceTheLeaseMayBeAnothers() {
    try (TestDns dns = TestDns.answering("127.0.0.1");
        TestReceiver receiver = new TestReceiver()) {
      String url = "http://hook.test:" + URI.create(receiver.url()).getPort() + "/";
      Poster poster = poster(dns, rules("127.0.0.0/8"));
      Answer late = post(poster, url, () -> false);
      assertThat(late.error()).startsWith("nothing was sent");
      assertThat(post(poster, url).outcome()).isEqualTo(Outcome.SUCCEEDED);
      assertThat(receiver.received()).hasSize(1);
    }
  }

  @Test
  void aProxyIsToldTheAddressThatWasCheckedAndTheCertificateIsTheNames() {
    TestCertificate named = TestCertificate.of("dns:hook.test");
    try (TestDns dns = TestDns.answering("93.184.215.14");
        TlsReceiver receiver = new TlsReceiver(named, List.of(HttpVersion.HTTP_1_1), null);
        TestProxy proxy = new TestProxy(receiver.port())) {
      Poster poster =
          poster(
              dns,
              rules(),
              5_000,
              new Proxy("127.0.0.1", proxy.port(), null, null),
              List.of(named.certificate()));
      assertThat(post(poster, "https://hook.test/").error()).isNull();
      assertThat(proxy.asked().getFirst()).startsWith("CONNECT 93.184.215.14:443 HTTP/1.1\r\n");
      assertThat(receiver.received()).hasSize(1);
      assertThat(post(poster, "https://other.test/").error())
          .startsWith("the endpoint's certificate is not accepted: it is for another name");
    }
  }

  @Test
  void aNameOfAPrivateAddressIsRefusedInPlainWords() {
    try (TestDns dns = TestDns.answering("10.0.0.1")) {
      Answer answer = post(poster(dns), "https://inside.test/");
      assertThat(answer.outcome()).isEqualTo(Outcome.REFUSED_ADDRESS);
      assertThat(answer.error()).contains("10.0.0.1 is private");
    }
  }

  @Test
  void aNameThatIsPublicFirstAndLocalThenNeverLeadsInside() {
    try (TestDns dns = TestDns.answering("192.0.2.1", "127.0.0.1");
        TestReceiver inside = new TestReceiver()) {
      String url = "https://rebound.test:" + URI.create(inside.url()).getPort() + "/";
      // Documentation addresses are nobody's: allowed here, they stand for a public one.
      AddressRules rules = rules("192.0.2.0/24");
      Poster poster = poster(dns, rules);
      Answer first = post(poster, url);
      assertThat(first.outcome()).isIn(Outcome.TIMEOUT, Outcome.CONNECT_ERROR);
      assertThat(dns.questions()).containsExactlyInAnyOrder("1", "28");
      Answer second = post(poster, url);
      assertThat(second.outcome()).isEqualTo(Outcome.REFUSED_ADDRESS);
      assertThat(second.error())
          .isEqualTo(
              "the address guard refused the endpoint's address: 127.0.0.1 is loopback"
                  + " (127.0.0.0/8)");
      assertThat(inside.received()).isEmpty();
    }
  }
}
