package dev.usher.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.testing.TestDns;
import dev.usher.testing.TestDns.Question;
import dev.usher.testing.TestDns.Reply;
import io.vertx.core.Vertx;
import io.vertx.core.dns.DnsClientOptions;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What names mean, and how it is told that they mean nothing. */
class DnsNameResolverIT {
  private static final int SERVER_FAILURE = 2;
  private static final int NO_SUCH_NAME = 3;

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private List<InetAddress> resolve(TestDns dns, String name) {
    return new DnsNameResolver(
            vertx,
            new DnsClientOptions().setHost("127.0.0.1").setPort(dns.port()).setQueryTimeout(300))
        .resolve(name)
        .await();
  }

  private List<InetAddress> resolve(Function<Question, Reply> script, String name) {
    try (TestDns dns = TestDns.answering(script)) {
      return resolve(dns, name);
    }
  }

  @Test
  void anAliasOfAnAliasIsFollowed() {
    assertThat(
            resolve(
                asked ->
                    switch (asked.name() + " " + asked.type()) {
                      case "hook.test " + TestDns.TYPE_CNAME -> Reply.alias("there.test");
                      case "there.test " + TestDns.TYPE_CNAME -> Reply.alias("real.test");
                      case "real.test " + TestDns.TYPE_A -> Reply.address("93.184.215.14");
                      default -> Reply.NONE;
                    },
                "hook.test"))
        .containsExactly(InetAddress.ofLiteral("93.184.215.14"));
  }

  @Test
  void aliasesThatGoRoundInCirclesEnd() {
    assertThatThrownBy(
            () ->
                resolve(
                    asked ->
                        asked.type() == TestDns.TYPE_CNAME
                            ? Reply.alias(asked.name().equals("a.test") ? "b.test" : "a.test")
                            : Reply.NONE,
                    "a.test"))
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining("an alias of an alias");
  }

  @Test
  void allAddressesOfBothFamiliesAreGivenAndOneInsideAnotherStaysSo() {
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 1};
    List<InetAddress> all =
        resolve(
            asked ->
                asked.type() == TestDns.TYPE_A
                    ? Reply.address("93.184.215.14")
                    : Reply.bytes(mapped),
            "hook.test");
    assertThat(all).hasSize(2).contains(InetAddress.ofLiteral("93.184.215.14"));
    assertThat(all.get(1)).isInstanceOf(Inet6Address.class);
    assertThat(all.get(1).getAddress()).isEqualTo(mapped);
  }

  @Test
  void silenceIsToldApartFromANameThatIsNotKnownAndFromAServerThatFails() {
    try (TestDns silent = TestDns.silent()) {
      assertThatThrownBy(() -> resolve(silent, "slow.test"))
          .isInstanceOf(TimeoutException.class)
          .hasMessage("no name server answered within 300 ms");
    }
    assertThatThrownBy(() -> resolve(_ -> new Reply(NO_SUCH_NAME, null), "gone.test"))
        .isInstanceOf(UnknownHostException.class)
        .hasMessage("there is no name gone.test");
    assertThatThrownBy(() -> resolve(_ -> new Reply(SERVER_FAILURE, null), "sick.test"))
        .isInstanceOf(UnknownHostException.class)
        .hasMessage("the name server answers SERVFAIL for sick.test");
    assertThatThrownBy(() -> resolve(_ -> Reply.NONE, "mail.test"))
        .isInstanceOf(UnknownHostException.class)
        .hasMessage("no address found for mail.test");
  }
}
