package dev.usher.bench;

import dev.usher.process.ChildProcesses;
import dev.usher.process.LogTail;
import dev.usher.process.ProcessFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** A certificate for this machine that nobody has signed, and its key, as PEM files. */
record TlsFiles(Path certificate, Path key) {
  private static final String ALIAS = "bench";
  // It guards a key that is made for one run and thrown away.
  private static final String PASSWORD = "for-one-run";
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  /** Makes them below {@code work}, with the JDK's own {@code keytool}. */
  static TlsFiles make(ChildProcesses children, Path work)
      throws IOException, InterruptedException {
    Path store = work.resolve("tls.p12");
    Files.deleteIfExists(store);
    Path log = work.resolve("keytool.log");
    Process process = children.start(new ProcessBuilder(command(store)), log);
    int exit = process.waitFor();
    children.end(process);
    if (exit != 0) {
      throw new ProcessFailure("keytool ended with " + exit + "\n" + LogTail.of(log));
    }
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      return new TlsFiles(
          pem(work, "certificate", "CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()),
          pem(work, "key", "PRIVATE KEY", keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new ProcessFailure("keytool made no key that can be read: " + e);
    }
  }

  private static List<String> command(Path store) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair",
        "-alias",
        ALIAS,
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-validity",
        "2",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=ip:127.0.0.1",
        "-storetype",
        "PKCS12",
        "-keystore",
        store.toString(),
        "-storepass",
        PASSWORD);
  }

  private static Path pem(Path work, String name, String type, byte[] content) throws IOException {
    return Files.writeString(
        work.resolve(name + ".pem"),
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(type, LINES.encodeToString(content), type));
  }
}
