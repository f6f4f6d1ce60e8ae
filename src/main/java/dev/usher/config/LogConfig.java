package dev.usher.config;

/** How log lines look. */
public record LogConfig(Format format) {
  /** {@code TEXT} for people, {@code JSON}, one object a line, for log stores. */
  public enum Format {
    TEXT,
    JSON
  }
}
