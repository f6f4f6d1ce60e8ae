package dev.usher.command;

import dev.usher.config.ConfigReader;
import dev.usher.config.ConfigResult;
import dev.usher.config.UsherConfig;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Reads the configuration for a command, and prints its faults, one a line. */
final class Settings {
  private Settings() {}

  /** The configuration; null when it is faulty, which is printed then. */
  static @Nullable UsherConfig read(
      Map<String, String> environment, @Nullable Path file, CommandSpec spec) {
    return switch (ConfigReader.read(environment, file)) {
      case ConfigResult.Read(UsherConfig config) -> config;
      case ConfigResult.Faulty(var faults) -> {
        faults.forEach(spec.commandLine().getErr()::println);
        yield null;
      }
    };
  }
}
