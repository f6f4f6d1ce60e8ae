package dev.usher.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HashesTest {
  private final Hashes hashes = new Hashes();

  @Test
  void aBodysHashIsTheBeginningOfItsSha256() {
    assertThat(hashes.ofBody("abc".getBytes(UTF_8)).toUuid())
        .hasToString("ba7816bf-8f01-cfea-4141-40de5dae2223"); // FIPS 180-4, example of SHA-256
    assertThat(hashes.ofBody(new byte[0]).toUuid())
        .hasToString("e3b0c442-98fc-1c14-9afb-f4c8996fb924");
  }

  @Test
  void aKeysHashIsThatOfSixteenBytesOfScopeAndTheKey() {
    UUID scope = UUID.fromString("0192a4d0-0000-7000-8000-0123456789ab");
    byte[] framed = ("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" + "order-é").getBytes(UTF_8);
    byte[] scopeBytes = HexFormat.of().parseHex("0192a4d00000700080000123456789ab");
    System.arraycopy(scopeBytes, 0, framed, 0, 16);

    assertThat(hashes.ofKey(scope, "order-é")).isEqualTo(hashes.ofBody(framed));
  }

  @Test
  void noTwoScopesAndKeysHaveTheSameHash() {
    Set<Object> seen = new HashSet<>();
    for (long scope = 0; scope < 100; scope++) {
      for (String key : new String[] {"", "1", "11", "\0", "\0\0", "a", "á", "?", "😀"}) {
        assertThat(seen.add(hashes.ofKey(new UUID(scope, 1), key))).isTrue();
        assertThat(seen.add(hashes.ofKey(new UUID(1, scope << 32), key))).isTrue();
      }
    }
  }

  @Test
  void aKeyThatCannotBeEncodedLeavesTheNextHashRight() {
    var before = hashes.ofKey(new UUID(1, 2), "key");

    assertThatThrownBy(() -> hashes.ofKey(new UUID(3, 4), "\ud83d"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(hashes.ofKey(new UUID(1, 2), "key")).isEqualTo(before);
  }
}
