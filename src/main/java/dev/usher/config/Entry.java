package dev.usher.config;

/**
 * One value as an operator wrote it.
 *
 * @param name where to find it: the environment variable, or file, line and key
 * @param text the value; the items of a list are separated by commas
 */
record Entry(String name, String text) {
  @Override
  public String toString() {
    return name; // the text may be a secret
  }
}
