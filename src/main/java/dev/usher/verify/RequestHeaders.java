package dev.usher.verify;

import java.util.List;

/** The headers of a request, whatever the server keeps them in. */
@FunctionalInterface
public interface RequestHeaders {
  /**
   * The values of a header in the order of its lines, empty where it is absent.
   *
   * @param name in any case
   */
  List<String> all(String name);
}
