package dev.usher.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EcdsaP256Test {
  private static final byte[] MESSAGE = "message".getBytes(UTF_8);

  @Test
  void whatIsSignedWithThePrivateKeyVerifiesByThePublicKey() throws Exception {
    KeyPair pair = pair("secp256r1");
    EcdsaP256 verifier = requireNonNull(EcdsaP256.verifier(base64(pair.getPublic().getEncoded())));
    String signature = requireNonNull(sign(pair, "mess".getBytes(UTF_8), "age".getBytes(UTF_8)));
    assertThat(verifier.verifies(signature, MESSAGE)).isTrue();
    assertThat(verifier.verifies(signature, "m".getBytes(UTF_8), "essage".getBytes(UTF_8)))
        .isTrue();
    assertThat(verifier.verifies(signature, "Message".getBytes(UTF_8))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "!", "AAAA", "MEUC", "MAYCAQACAQA=", "MAYCAQECAQE="})
  void whatIsNoSignatureVerifiesNothingAndLeavesNothingBehind(String signature) throws Exception {
    KeyPair pair = pair("secp256r1");
    EcdsaP256 verifier = requireNonNull(EcdsaP256.verifier(base64(pair.getPublic().getEncoded())));
    String good = requireNonNull(sign(pair, MESSAGE));
    assertThat(verifier.verifies(signature, MESSAGE)).isFalse();
    assertThat(verifier.verifies(good, MESSAGE)).isTrue();
  }

  @Test
  void aSignatureHasOneSpelling() throws Exception {
    KeyPair pair = pair("secp256r1");
    EcdsaP256 verifier = requireNonNull(EcdsaP256.verifier(base64(pair.getPublic().getEncoded())));
    String good = requireNonNull(sign(pair, MESSAGE));
    byte[] der = Base64.getDecoder().decode(good);
    assertThat(verifier.verifies(good + "\n", MESSAGE)).isFalse();
    assertThat(verifier.verifies(good.replace("=", ""), MESSAGE)).isEqualTo(!good.contains("="));
    byte[] longer = Arrays.copyOf(der, der.length + 1);
    assertThat(verifier.verifies(base64(longer), MESSAGE)).isFalse();
  }

  @Test
  void onlyKeysOnP256AreTaken() throws Exception {
    for (String curve : new String[] {"secp384r1", "secp521r1"}) {
      KeyPair pair = pair(curve);
      assertThat(EcdsaP256.verifier(base64(pair.getPublic().getEncoded()))).isNull();
      assertThat(sign(pair, MESSAGE)).isNull();
    }
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    assertThat(EcdsaP256.verifier(base64(rsa.generateKeyPair().getPublic().getEncoded()))).isNull();
    KeyPair pair = pair("secp256r1");
    assertThat(EcdsaP256.verifier(base64(pair.getPrivate().getEncoded()))).isNull();
    assertThat(EcdsaP256.sign(base64(pair.getPublic().getEncoded()), MESSAGE)).isNull();
    for (String text : new String[] {"", "secret", "whsec_abcd", "AAAA"}) {
      assertThat(EcdsaP256.verifier(text)).isNull();
      assertThat(EcdsaP256.sign(text, MESSAGE)).isNull();
    }
  }

  @Test
  void aNewPublicKeyIsAKeyAndAnotherOneEachTime() {
    assertThat(EcdsaP256.verifier(EcdsaP256.newPublicKey())).isNotNull();
    assertThat(EcdsaP256.newPublicKey()).isNotEqualTo(EcdsaP256.newPublicKey());
  }

  private static KeyPair pair(String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    return generator.generateKeyPair();
  }

  private static @Nullable String sign(KeyPair pair, byte[]... parts) {
    return EcdsaP256.sign(base64(pair.getPrivate().getEncoded()), parts);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
