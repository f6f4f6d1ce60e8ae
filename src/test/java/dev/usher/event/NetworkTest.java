package dev.usher.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,       10.0.0.0,          true",
    "10.0.0.0/8,       10.255.255.255,    true",
    "10.0.0.0/8,       11.0.0.0,          false",
    "10.0.0.0/8,       9.255.255.255,     false",
    "192.168.4.0/22,   192.168.7.255,     true",
    "192.168.4.0/22,   192.168.8.0,       false",
    "203.0.113.7/32,   203.0.113.7,       true",
    "203.0.113.7/32,   203.0.113.6,       false",
    "203.0.113.7,      203.0.113.7,       true",
    "203.0.113.7,      203.0.113.8,       false",
    "128.0.0.0/1,      255.255.255.255,   true",
    "128.0.0.0/1,      127.255.255.255,   false",
    "0.0.0.0/0,        8.8.8.8,           true",
    "0.0.0.0/0,        ::1,               false",
    "2001:db8::/32,    2001:db8:ffff::1,  true",
    "2001:db8::/32,    2001:db9::1,       false",
    "2001:db8::/33,    2001:db8:8000::,   false",
    "::1,              ::1,               true",
    "::1,              ::2,               false",
    "::/0,             2001:db8::1,       true",
    "::/0,             127.0.0.1,         false"
  })
  void anAddressIsInsideOrNot(String network, String address, boolean inside)
      throws UnknownHostException {
    assertThat(Network.parse(network).contains(InetAddress.getByName(address))).isEqualTo(inside);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/8",
        "localhost",
        "example.com/24",
        "cafe", // hexadecimal, but a name
        "010.0.0.0/8", // octal to some, decimal to others
        "0x7f.0.0.1",
        "127.1", // short forms
        "2130706433",
        "10.0.0.0.0/8",
        "10.0.0.256/32",
        "10.0.0/24",
        "10.0.0.0./8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/8/8",
        "10.0.0.0/255.0.0.0",
        " 10.0.0.0/8",
        "2001:db8::/129",
        "2001:db8:::/32",
        "1:2:3:4:5:6:7:8:9",
        "[::1]",
        "fe80::1%eth0",
        ":",
        "\u0661\u0660.0.0.0/8"
      })
  void anythingButAnAddressAndAPrefixIsRefused(String text) {
    assertThatThrownBy(() -> Network.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("10.0.0.0/8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1/8", "192.168.4.0/21", "0.0.0.1/0", "2001:db8::1/32", "::1/127"})
  void bitsAfterThePrefixAreAMistake(String text) {
    assertThatThrownBy(() -> Network.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bits set after its prefix");
  }

  @Test
  void theSameRangeIsEqualHoweverWritten() {
    assertThat(Network.parse("127.0.0.1"))
        .isEqualTo(Network.parse("127.0.0.1/32"))
        .hasSameHashCodeAs(Network.parse("127.0.0.1/32"))
        .isNotEqualTo(Network.parse("127.0.0.0/31"));
    assertThat(Network.parse("2001:DB8::/32")).isEqualTo(Network.parse("2001:db8:0:0::/32"));
    assertThat(Network.parse("10.0.0.0/8")).hasToString("10.0.0.0/8");
    assertThat(Network.parse(Network.parse("2001:db8::/32").toString()))
        .isEqualTo(Network.parse("2001:db8::/32"));
  }

  @Test
  void anIpv4AddressInIpv6ClothesIsTheIpv4Address() throws UnknownHostException {
    assertThat(Network.parse("127.0.0.0/8").contains(InetAddress.getByName("::ffff:127.0.0.1")))
        .isTrue();
    assertThat(Network.parse("::ffff:127.0.0.1")).isEqualTo(Network.parse("127.0.0.1"));
  }
}
