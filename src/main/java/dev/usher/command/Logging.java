package dev.usher.command;

import dev.usher.config.LogConfig;

/** Chooses how the process logs; must be called before the first logger is made. */
final class Logging {
  private static final String CONFIGURATION = "logback.configurationFile";

  private Logging() {}

  static void use(LogConfig config) {
    if (config.format() == LogConfig.Format.JSON) {
      set("logback-json.xml");
    }
  }

  /** Errors only. */
  static void quiet() {
    set("logback-quiet.xml");
  }

  private static void set(String resource) {
    if (System.getProperty(CONFIGURATION) == null) {
      System.setProperty(CONFIGURATION, resource);
    }
  }
}
