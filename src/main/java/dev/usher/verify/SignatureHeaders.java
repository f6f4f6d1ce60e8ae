package dev.usher.verify;

import java.util.List;

/** The headers that make up a signature: each must be there once. */
sealed interface SignatureHeaders {
  /** Each was there once; the values are in the order of the names asked for. */
  record Once(List<String> values) implements SignatureHeaders {
    String value(int index) {
      return values.get(index);
    }
  }

  /** One was missing or repeated, which is answered so. */
  record Unfit(Verification answer) implements SignatureHeaders {}

  /**
   * Reads the headers called {@code names}. Of a repeated one another reader might take another
   * line than we do, so the request is malformed rather than unsigned.
   */
  static SignatureHeaders read(RequestHeaders headers, List<String> names) {
    String[] values = new String[names.size()];
    for (int i = 0; i < values.length; i++) {
      String name = names.get(i);
      List<String> lines = headers.all(name);
      if (lines.isEmpty()) {
        return new Unfit(new Verification.Refused("the header " + name + " is missing"));
      }
      if (lines.size() > 1) {
        return new Unfit(
            new Verification.Malformed(
                "the header %s is there %d times; expected it once".formatted(name, lines.size())));
      }
      values[i] = lines.getFirst();
    }
    return new Once(List.of(values));
  }
}
