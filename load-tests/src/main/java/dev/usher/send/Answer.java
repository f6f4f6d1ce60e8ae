package dev.usher.send;

/**
 * The answer to one request.
 *
 * @param status 0 where the connection broke before it was whole
 */
public record Answer(int status, String body) {
  static final Answer NONE = new Answer(0, "");
}
