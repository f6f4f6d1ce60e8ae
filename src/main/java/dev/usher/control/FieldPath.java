package dev.usher.control;

import com.networknt.schema.path.NodePath;

/** Places within JSON as problems name them: {@code events[2].data.amount}. */
final class FieldPath {
  private FieldPath() {}

  /**
   * The place at {@code path} below {@code base}.
   *
   * @param base empty for the document itself
   */
  static String of(String base, NodePath path) {
    StringBuilder text = new StringBuilder(base);
    for (int i = 0; i < path.getNameCount(); i++) {
      if (path.getElement(i) instanceof Integer index) {
        text.append('[').append(index).append(']');
      } else {
        append(text, path.getName(i));
      }
    }
    return text.toString();
  }

  /** The member {@code name} of what is at {@code base}. */
  static String member(String base, String name) {
    StringBuilder text = new StringBuilder(base);
    append(text, name);
    return text.toString();
  }

  private static void append(StringBuilder text, String name) {
    if (!text.isEmpty()) {
      text.append('.');
    }
    text.append(name);
  }
}
