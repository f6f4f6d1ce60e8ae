package dev.usher.control;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and private keys as people paste them (RFC 7468). */
final class Pem {
  private static final Pattern KEY =
      Pattern.compile(
          "\\s*-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----\\s*");

  /** The kinds of key that TLS knows, each with a signature that it makes. */
  private static final Map<String, String> KINDS =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "Ed25519", "Ed25519");

  private Pem() {}

  /** The certificates in {@code text}; empty where it does not hold certificates only. */
  static List<X509Certificate> certificates(String text) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertificateException e) {
      return List.of();
    }
  }

  /** Whether {@code text} is an unencrypted private key in PKCS #8. */
  static boolean isKey(String text) {
    Matcher key = KEY.matcher(text);
    if (!key.matches()) {
      return false;
    }
    return KINDS.keySet().stream().anyMatch(kind -> parses(kind, text));
  }

  /** Whether {@code key} is the key of {@code certificate}. */
  static boolean belong(X509Certificate certificate, String key) {
    for (Map.Entry<String, String> kind : KINDS.entrySet()) {
      if (parses(kind.getKey(), key)) {
        return signs(kind.getValue(), privateKey(kind.getKey(), key), certificate);
      }
    }
    return false;
  }

  private static boolean parses(String kind, String text) {
    try {
      privateKey(kind, text);
      return true;
    } catch (IllegalArgumentException e) {
      return false; // of another kind, or not base64
    }
  }

  /** The key; fails with {@link IllegalArgumentException} where it is none of this kind. */
  private static PrivateKey privateKey(String kind, String text) {
    Matcher key = KEY.matcher(text);
    if (!key.matches()) {
      throw new IllegalArgumentException("not a private key");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(key.group(1));
      return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a key of this kind");
    }
  }

  private static boolean signs(String algorithm, PrivateKey key, X509Certificate certificate) {
    byte[] something = "usher".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(something);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(something);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // the certificate's key is of another kind
    }
  }
}
