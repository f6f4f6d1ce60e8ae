package dev.usher.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Signatures with a pair of keys: ECDSA over P-256 with SHA-256 (FIPS 186-5). Keys and signatures
 * are DER in base64, as SendGrid writes them: a public key is a SubjectPublicKeyInfo (RFC 5280), a
 * private key is PKCS #8 (RFC 5958).
 */
public final class EcdsaP256 {
  private static final String SIGNATURE = "SHA256withECDSA";
  private static final String KEY = "EC";
  private static final String CURVE = "secp256r1";

  /** The order of P-256's base point (SEC 2, section 2.4.2), which no other named curve has. */
  private static final BigInteger ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  /**
   * What every public key on P-256 begins with, up to the point's 64 bytes (RFC 5480, section 2).
   * Without it other spellings of the algorithm would pass for the same key.
   */
  private static final byte[] PUBLIC_KEY_HEAD =
      HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

  private static final int POINT_BYTES = 64;

  private final PublicKey key;
  private final Signature signature;

  private EcdsaP256(PublicKey key) throws InvalidKeyException, NoSuchAlgorithmException {
    this.key = key;
    this.signature = Signature.getInstance(SIGNATURE);
    signature.initVerify(key);
  }

  /**
   * Verifies by the public key in {@code base64}; null where that is no public key on P-256.
   *
   * @return not thread-safe: one for each event loop
   */
  public static @Nullable EcdsaP256 verifier(String base64) {
    byte @Nullable [] der = Base64Text.decode(base64);
    if (der == null || !hasHeadOfPublicKey(der)) {
      return null;
    }
    try {
      return new EcdsaP256(KeyFactory.getInstance(KEY).generatePublic(new X509EncodedKeySpec(der)));
    } catch (InvalidKeySpecException | InvalidKeyException e) {
      return null; // somebody's text, and no key
    } catch (NoSuchAlgorithmException e) {
      throw absent(e);
    }
  }

  /**
   * Whether {@code base64} is a signature of {@code parts}, one after the other, by this key's
   * counterpart.
   */
  public boolean verifies(String base64, byte[]... parts) {
    byte @Nullable [] der = Base64Text.decode(base64);
    if (der == null) {
      return false;
    }
    try {
      // What is no signature in form fails before the message so far is forgotten.
      signature.initVerify(key);
      for (byte[] part : parts) {
        signature.update(part);
      }
      return signature.verify(der);
    } catch (SignatureException e) {
      return false; // not the form of a signature
    } catch (InvalidKeyException e) {
      throw absent(e);
    }
  }

  /**
   * Signs {@code parts}, one after the other; null where {@code privateKeyBase64} is no private key
   * on P-256. The signature is another one each time.
   */
  public static @Nullable String sign(String privateKeyBase64, byte[]... parts) {
    byte @Nullable [] der = Base64Text.decode(privateKeyBase64);
    if (der == null) {
      return null;
    }
    try {
      PrivateKey key = KeyFactory.getInstance(KEY).generatePrivate(new PKCS8EncodedKeySpec(der));
      if (!isOnP256(key)) {
        return null;
      }
      Signature signer = Signature.getInstance(SIGNATURE);
      signer.initSign(key);
      for (byte[] part : parts) {
        signer.update(part);
      }
      return Base64.getEncoder().encodeToString(signer.sign());
    } catch (InvalidKeySpecException | InvalidKeyException e) {
      return null; // somebody's text, and no key
    } catch (NoSuchAlgorithmException | SignatureException e) {
      throw absent(e);
    }
  }

  /** A new public key whose private key nobody has: it verifies nothing until it is replaced. */
  public static String newPublicKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(KEY);
      generator.initialize(new ECGenParameterSpec(CURVE));
      return Base64.getEncoder()
          .encodeToString(generator.generateKeyPair().getPublic().getEncoded());
    } catch (GeneralSecurityException e) {
      throw absent(e);
    }
  }

  private static boolean hasHeadOfPublicKey(byte[] der) {
    int head = PUBLIC_KEY_HEAD.length;
    return der.length == head + POINT_BYTES
        && Arrays.equals(der, 0, head, PUBLIC_KEY_HEAD, 0, head);
  }

  private static boolean isOnP256(PrivateKey key) {
    return key instanceof ECKey onCurve && onCurve.getParams().getOrder().equals(ORDER);
  }

  private static IllegalStateException absent(GeneralSecurityException e) {
    return new IllegalStateException(SIGNATURE + " is part of every JDK", e);
  }
}
