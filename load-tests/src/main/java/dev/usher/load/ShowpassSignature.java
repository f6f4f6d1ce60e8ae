package dev.usher.load;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Showpass's signature, written here a second time on purpose: the load tests check the gateway
 * from outside and use none of its code.
 */
public final class ShowpassSignature {
  /** The header that carries it. */
  public static final String HEADER = "X-SHOWPASS-SIGNATURE";

  private ShowpassSignature() {}

  /** Lower-case hex of HMAC-SHA1 over the payload's top-level {@code id}, both texts as UTF-8. */
  public static String sign(String secret, String id) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return HexFormat.of().formatHex(mac.doFinal(id.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA1", e);
    }
  }
}
