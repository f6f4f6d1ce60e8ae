package dev.usher.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Command lines that start another JVM with the {@code java} that runs this one. */
public final class JavaCommand {
  /**
   * The memory of every server under test, Usher and the bare ones alike: enough for Usher's
   * bounded buffers, small enough that the collector works during a measurement as it does in
   * operation. Fixed, so that growing the heap is no part of what is measured.
   */
  public static final List<String> SERVER_MEMORY = List.of("-Xms128m", "-Xmx128m");

  /** Netty's native transport and its use of Unsafe, without warnings from JDK 25. */
  public static final List<String> NETTY_ACCESS =
      List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

  private static final Pattern SPACES = Pattern.compile("\\s+");

  private JavaCommand() {}

  /** {@code java options -cp classPath mainClass arguments}, later options winning over earlier. */
  public static List<String> of(
      List<String> options, String classPath, String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-cp");
    command.add(classPath);
    command.add(mainClass);
    command.addAll(arguments);
    return command;
  }

  /** Splits options given as one text at white space; there is no quoting. */
  public static List<String> split(String options) {
    return options.isBlank() ? List.of() : List.of(SPACES.split(options.strip(), -1));
  }
}
