package dev.usher.door;

import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Map;
import javax.net.ssl.X509KeyManager;

/** Whether a key belongs to a certificate: servers take any two, and every handshake fails then. */
final class KeyMatch {
  /** The kinds of key that Vert.x reads from PEM, each with a signature that it makes. */
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA");

  private KeyMatch() {}

  /**
   * Whether what the key signs is valid under the first certificate.
   *
   * @throws Exception where one of them cannot be read
   */
  static boolean isOf(Vertx vertx, PemKeyCertOptions pem) throws Exception {
    X509KeyManager keys = (X509KeyManager) pem.getKeyManagerFactory(vertx).getKeyManagers()[0];
    for (Map.Entry<String, String> kind : SIGNATURES.entrySet()) {
      String[] names = keys.getServerAliases(kind.getKey(), null);
      if (names != null) {
        return signs(keys, names[0], kind.getValue());
      }
    }
    return false;
  }

  private static boolean signs(X509KeyManager keys, String name, String algorithm)
      throws GeneralSecurityException {
    byte[] something = "usher".getBytes(StandardCharsets.US_ASCII);
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(keys.getPrivateKey(name));
    signature.update(something);
    byte[] signed = signature.sign();
    signature.initVerify(keys.getCertificateChain(name)[0].getPublicKey());
    signature.update(something);
    return signature.verify(signed);
  }
}
