package dev.usher.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A certificate of its own making, which is its own authority.
 *
 * @param certificate in PEM
 * @param key in PEM, PKCS #8
 */
public record TestCertificate(String certificate, String key) {
  private static final String PASSWORD = "changeit";

  /**
   * A certificate that another has signed.
   *
   * @param authority the other, without its key
   */
  public record Issued(String authority, TestCertificate certificate) {}

  /**
   * Makes one.
   *
   * @param names for example {@code dns:localhost,ip:127.0.0.1}
   */
  public static TestCertificate of(String names) {
    Path store = newStore();
    keytool(
        store,
        "-genkeypair",
        "-alias",
        "it",
        "-keyalg",
        "EC",
        "-dname",
        "CN=test",
        "-ext",
        san(names));
    return new TestCertificate(certificate(store, "it"), key(store, "it"));
  }

  /** Makes one that was valid for a day, until two days ago, with an authority that still is. */
  public static Issued expired(String names) {
    Path store = newStore();
    Path request = store.resolveSibling("request.pem");
    Path answer = store.resolveSibling("answer.pem");
    keytool(
        store,
        "-genkeypair",
        "-alias",
        "ca",
        "-keyalg",
        "EC",
        "-dname",
        "CN=authority",
        "-ext",
        "bc:c");
    keytool(store, "-genkeypair", "-alias", "it", "-keyalg", "EC", "-dname", "CN=test");
    keytool(store, "-certreq", "-alias", "it", "-file", request.toString());
    keytool(
        store,
        "-gencert",
        "-alias",
        "ca",
        "-startdate",
        "-3d",
        "-validity",
        "1",
        "-ext",
        san(names),
        "-rfc",
        "-infile",
        request.toString(),
        "-outfile",
        answer.toString());
    String authority = certificate(store, "ca");
    try {
      String signed = Files.readString(answer);
      return new Issued(authority, new TestCertificate(signed, key(store, "it")));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String san(String names) {
    return "san=" + names;
  }

  private static Path newStore() {
    try {
      return Files.createTempDirectory(Path.of("target"), "certificate").resolve("keys.p12");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void keytool(Path store, String... arguments) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    line.addAll(List.of(arguments));
    line.addAll(List.of("-storepass", PASSWORD, "-keystore", store.toString()));
    try {
      Process keytool = new ProcessBuilder(line).redirectErrorStream(true).start();
      String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (keytool.waitFor() != 0) {
        throw new AssertionError(said);
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String certificate(Path store, String alias) {
    try {
      return pem("CERTIFICATE", open(store).getCertificate(alias).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String key(Path store, String alias) {
    try {
      return pem("PRIVATE KEY", open(store).getKey(alias, PASSWORD.toCharArray()).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyStore open(Path store) throws GeneralSecurityException {
    try {
      return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String pem(String what, byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
  }

  /** Without the key. */
  @Override
  public String toString() {
    return certificate;
  }
}
