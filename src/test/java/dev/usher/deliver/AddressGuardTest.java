package dev.usher.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.deliver.AddressGuard.Check;
import dev.usher.event.Network;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
  private static final Map<String, List<String>> NAMES =
      Map.of(
          "public.example", List.of("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"),
          "inside.example", List.of("10.0.0.7"),
          "mixed.example", List.of("93.184.215.14", "127.0.0.1"));

  private final AddressGuard guard = guardAllowing();

  private static AddressGuard guardAllowing(String... networks) {
    NameResolver names =
        name ->
            Future.succeededFuture(
                NAMES.getOrDefault(name, List.of()).stream().map(InetAddress::ofLiteral).toList());
    OwnListeners own = new OwnListeners();
    own.opened(Set.of(8081));
    return new AddressGuard(
        new AddressRules(Stream.of(networks).map(Network::parse).toList(), Set.of(443, 8443), own),
        names);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://192.0.2.1/",
        "https://198.51.100.1/",
        "https://203.0.113.1/",
        "https://198.18.0.1/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://192.88.99.1/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[2001:0:1::1]/",
        "https://[fe80::1]/",
        "https://[fec0::1]/",
        "https://[fc00::1]/",
        "https://[fd12::1]/",
        "https://[ff02::1]/",
        "https://[2001:db8::1]/",
        "https://[100::1]/",
        "https://[::ffff:8.8.8.8]/",
        "https://[::ffff:808:808]/",
        "https://[64:ff9b:1::808:808]/",
        "https://[64:ff9b::8.8.8.8]/",
        "https://[2001:100::1]/",
        "https://[3fff::1]/",
        "https://[5f00::1]/",
        "https://[200::1]/",
        "https://[4000::1]/",
        "https://[fe00::1]/",
        "https://[fe80::1%25eth9]/",
        "https://[2606:4700::1%25eth9]/",
        "https://[2606:4700::1%251]/",
        "https://0/",
        "https://0xA9FEA9FE/",
        "https://0177.0.0.1/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://127.1/",
        "https://0x7f000001/",
        "https://017700000001/",
        "https://user@public.example/",
        "ftp://public.example/",
        "https:///path",
        "http://93.184.215.14/",
        "https://inside.example/",
        "https://public.example:9443/",
        "https://93.184.215.14:22/",
        "https://mixed.example/",
        "https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example/"
      })
  void whatIsNotPublicIsRefused(String url) {
    assertThat(guard.check(URI.create(url)).await()).isInstanceOf(Check.Refused.class);
  }

  @Test
  void aNameOfAnAddressThatHidesAnotherIsRefused() {
    AddressGuard hiding =
        new AddressGuard(
            new AddressRules(List.of(), Set.of(443), new OwnListeners()),
            _ -> Future.succeededFuture(List.of(Addresses.ipv6("::ffff:8.8.8.8"))));
    assertThat(hiding.check(URI.create("https://public.example/")).await())
        .isInstanceOfSatisfying(
            Check.Refused.class, no -> assertThat(no.reason()).contains("IPv4-mapped"));
  }

  @Test
  void whatTheNameMeansNowIsToldAtCreationAndWhatIsNotKnownYetIsNoFault() {
    assertThat(guard.faultNow(URI.create("https://inside.example/")).await())
        .hasValueSatisfying(fault -> assertThat(fault).contains("10.0.0.7 is private"));
    assertThat(guard.faultNow(URI.create("https://public.example/")).await()).isEmpty();
    AddressGuard silent =
        new AddressGuard(
            new AddressRules(List.of(), Set.of(443), new OwnListeners()),
            _ -> Promise.<List<InetAddress>>promise().future());
    assertThat(silent.faultNow(URI.create("https://public.example/")).await()).isEmpty();
    AddressGuard unknown =
        new AddressGuard(
            new AddressRules(List.of(), Set.of(443), new OwnListeners()),
            name -> Future.failedFuture(name));
    assertThat(unknown.faultNow(URI.create("https://public.example/")).await()).isEmpty();
  }

  @Test
  void aPublicNameIsAllowedAndConnectedToAtTheAddressThatWasChecked() {
    assertThat(guard.check(URI.create("https://public.example/hook")).await())
        .isEqualTo(new Check.Allowed(SocketAddress.inetSocketAddress(443, "93.184.215.14")));
    assertThat(guard.check(URI.create("https://93.184.215.14:8443/")).await())
        .isEqualTo(new Check.Allowed(SocketAddress.inetSocketAddress(8443, "93.184.215.14")));
  }

  @Test
  void theOperatorOpensNetworksAlsoForPlainHttp() {
    AddressGuard opened = guardAllowing("127.0.0.0/8", "10.0.0.0/8");
    assertThat(opened.check(URI.create("http://127.0.0.1:9000/")).await())
        .isEqualTo(new Check.Allowed(SocketAddress.inetSocketAddress(9000, "127.0.0.1")));
    assertThat(opened.check(URI.create("https://inside.example/")).await())
        .isInstanceOf(Check.Allowed.class);
    assertThat(opened.check(URI.create("http://93.184.215.14/")).await())
        .isInstanceOf(Check.Refused.class);
    assertThat(opened.check(URI.create("http://public.example/")).await())
        .isInstanceOf(Check.Refused.class);
  }

  @Test
  void noNetworkThatIsOpenedOpensTheGatewayItself() {
    AddressGuard opened = guardAllowing("127.0.0.0/8");
    assertThat(opened.check(URI.create("http://127.0.0.1:8081/v1/keys")).await())
        .isEqualTo(new Check.Refused("127.0.0.1 with port 8081 is this gateway itself"));
    assertThat(opened.fault(URI.create("http://127.0.0.1:8081/v1/keys"))).isPresent();
    assertThat(opened.check(URI.create("http://127.0.0.1:8082/")).await())
        .isInstanceOf(Check.Allowed.class);
  }

  @Test
  void aPortThatNoPublicAddressMayHaveIsToldAtCreation() {
    assertThat(guard.fault(URI.create("https://public.example:22/")))
        .contains("port 22 is not allowed at public addresses (allowed: 443, 8443)");
    // In the network that is opened any port will do, and only the look-up tells where it is.
    assertThat(guardAllowing("10.0.0.0/8").fault(URI.create("https://public.example:22/")))
        .isEmpty();
  }

  @Test
  void whatCanBeToldWithoutLookingUpIsToldAtCreation() {
    assertThat(guard.fault(URI.create("https://10.0.0.1/")))
        .hasValueSatisfying(fault -> assertThat(fault).contains("private"));
    assertThat(guard.fault(URI.create("https://inside.example/"))).isEmpty();
  }
}
