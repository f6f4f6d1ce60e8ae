package dev.usher.verify;

/** A header that a sender adds. */
public record Header(String name, String value) {
  @Override
  public String toString() {
    return name + ": " + value;
  }
}
