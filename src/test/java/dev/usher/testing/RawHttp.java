package dev.usher.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Requests that no HTTP client would send. */
public final class RawHttp {
  private static final int LONGEST_WAIT_MILLIS = 20_000;

  private RawHttp() {}

  /**
   * Posts what follows the request line and a Host header, and reads until the server closes the
   * connection or has answered once.
   *
   * @param rest headers, the empty line, and a body where there is one
   */
  public static String exchange(URI url, String rest) {
    String head = "POST " + url.getPath() + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\n";
    return send(url, head + rest);
  }

  /** Sends a whole request to the server of {@code url}, and reads as {@link #exchange} does. */
  public static String send(URI url, String request) {
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout(LONGEST_WAIT_MILLIS);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
