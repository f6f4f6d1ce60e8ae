package dev.usher.deliver;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in plain words why an exchange failed, for whoever reads the log of attempts. */
final class Causes {
  /** A chain of causes that is longer tells nothing more. */
  private static final int DEEPEST = 8;

  /** How the JDK's and Netty's checks of the host's name say no. */
  private static final Pattern NAME =
      Pattern.compile("(?i)no name matching|subject alternative|matching ip address");

  private Causes() {}

  /**
   * What happened, and in brackets what the library said.
   *
   * @param step what was being done
   */
  static String explain(String step, Throwable failure) {
    Throwable deepest = failure;
    SSLException tls = null;
    for (int i = 0; i < DEEPEST; i++) {
      if (deepest instanceof CertificateException || deepest instanceof CertPathBuilderException) {
        return "the endpoint's certificate is not accepted: " + certificate(deepest);
      }
      tls = tls == null && deepest instanceof SSLException found ? found : tls;
      Throwable next = deepest.getCause();
      if (next == null || next == deepest) {
        break;
      }
      deepest = next;
    }
    if (tls != null) {
      return "no TLS connection to the endpoint" + said(deepest);
    }
    return plain(step, deepest);
  }

  /** What is wrong with the certificate. */
  private static String certificate(Throwable refusal) {
    Throwable deepest = refusal;
    for (int i = 0; i < DEEPEST; i++) {
      if (deepest instanceof CertificateExpiredException) {
        return "it has expired" + said(deepest);
      }
      if (deepest instanceof CertificateNotYetValidException) {
        return "it is not valid yet" + said(deepest);
      }
      if (deepest instanceof CertPathBuilderException) {
        return "nobody whom we trust vouches for it; is it self-signed, or an intermediate"
            + " certificate missing?"
            + said(deepest);
      }
      Throwable next = deepest.getCause();
      if (next == null || next == deepest) {
        break;
      }
      deepest = next;
    }
    String text = String.valueOf(deepest.getMessage());
    return (NAME.matcher(text).find() ? "it is for another name" : "it cannot be verified")
        + said(deepest);
  }

  private static String plain(String step, Throwable failure) {
    String name = failure.getClass().getSimpleName();
    String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (name.equals("ProxyConnectException") || name.equals("HttpProxyConnectException")) {
      return "the outgoing proxy made no connection" + said(failure);
    }
    if (name.equals("ConnectTimeoutException")) {
      return "no connection to the endpoint in time" + said(failure);
    }
    if (failure instanceof ConnectException && text.contains("refused")) {
      return "the endpoint refuses connections" + said(failure);
    }
    if (failure instanceof UnknownHostException) {
      return "the host was not found" + said(failure);
    }
    if (text.contains("reset")) {
      return "the endpoint reset the connection" + said(failure);
    }
    if (text.contains("closed")) {
      return "the endpoint closed the connection before the answer was complete" + said(failure);
    }
    return step + said(failure);
  }

  private static String said(Throwable failure) {
    String message = failure.getMessage();
    return " (" + (message == null ? failure.getClass().getSimpleName() : message) + ")";
  }

  /** The message, or where there is none the kind of failure. */
  static String message(@Nullable Throwable failure) {
    return failure == null || failure.getMessage() == null
        ? String.valueOf(failure)
        : failure.getMessage();
  }
}
