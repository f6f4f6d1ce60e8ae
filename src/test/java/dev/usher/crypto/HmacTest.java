package dev.usher.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HmacTest {
  /** RFC 2202, section 3, and RFC 4231, section 4. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          SHA1, 11x20, Hi There, b617318655057264e28bc0b6fb378c8ef146be00
          SHA1, Jefe, what do ya want for nothing?, effcdf6ae5eb2fa2d27416d5f184df9c259a7c79
          SHA1, 170x20, 221x50, 125d7342b9ac11cd91a39af48aa17b4f63f175d3
          SHA1, 170x80, Test Using Larger Than Block-Size Key - Hash Key First, \
          aa4ae5e15272d00e95705637ce8a3b55ed402112
          SHA256, 11x20, Hi There, b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7
          SHA256, Jefe, what do ya want for nothing?, \
          5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843
          SHA256, 170x20, 221x50, 773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe
          SHA256, 170x131, Test Using Larger Than Block-Size Key - Hash Key First, \
          60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54
          SHA512, 11x20, Hi There, \
          87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde\
          daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854
          SHA512, Jefe, what do ya want for nothing?, \
          164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
          9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737
          SHA512, 170x20, 221x50, \
          fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39\
          bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb
          SHA512, 170x131, Test Using Larger Than Block-Size Key - Hash Key First, \
          80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352\
          6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598
          """)
  void computesThePublishedVectors(
      Hmac.Algorithm algorithm, String key, String message, String mac) {
    Hmac hmac = Hmac.of(algorithm, bytes(key));

    assertThat(Hex.encode(hmac.sign(bytes(message)))).isEqualTo(mac);
    assertThat(mac).hasSize(2 * algorithm.bytes());
  }

  @ParameterizedTest
  @EnumSource
  void partsAreOneMessageAndTheNextOneBeginsEmpty(Hmac.Algorithm algorithm) {
    Hmac hmac = Hmac.of(algorithm, bytes("Jefe"));
    byte[] whole = hmac.sign(bytes("id.body"));

    assertThat(hmac.update(bytes("id")).update('.').update(bytes("body")).finish())
        .isEqualTo(whole);
    assertThat(hmac.sign(bytes("id.body"))).isEqualTo(whole);
    assertThat(hmac.sign(bytes("id.bodY"))).isNotEqualTo(whole);
  }

  @Test
  void anEmptyKeyIsRefused() {
    assertThatThrownBy(() -> Hmac.sha1(new byte[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected at least one byte");
  }

  /** {@code 11x20} stands for 20 bytes of value 11; other text for itself. */
  private static byte[] bytes(String text) {
    if (!text.matches("\\d+x\\d+")) {
      return text.getBytes(US_ASCII);
    }
    int x = text.indexOf('x');
    byte[] bytes = new byte[Integer.parseInt(text.substring(x + 1))];
    Arrays.fill(bytes, (byte) Integer.parseInt(text.substring(0, x)));
    return bytes;
  }
}
