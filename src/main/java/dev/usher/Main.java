package dev.usher;

/** x. */
public final class Main {
  public static void main(String[] args) {}
}
