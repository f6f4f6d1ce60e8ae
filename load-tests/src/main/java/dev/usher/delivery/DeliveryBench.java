package dev.usher.delivery;

import dev.usher.process.ChildProcesses;
import dev.usher.process.ProcessFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Measures, part by part, how delivery holds where something goes wrong. */
public final class DeliveryBench {
  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final Nodes nodes;
  private final ChildProcesses children;
  private final Path work;
  private final Map<Option, Integer> options;

  /** A number that can be given. */
  private enum Option {
    RATE(300, 1, 100_000),
    KILLS(5, 1, 50),
    SLOW_RATE(1_000, 1, 100_000),
    SLOW_SECONDS(40, 5, 600),
    DUE(1_000_000, 1_000, 10_000_000),
    COMEBACK_DUE(100_000, 1_000, 1_000_000),
    RATE_LIMIT(200, 10, 10_000);

    private final int byDefault;
    private final int least;
    private final int most;

    Option(int byDefault, int least, int most) {
      this.byDefault = byDefault;
      this.least = least;
      this.most = most;
    }

    String option() {
      return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final class UsageError extends Exception {
    private static final long serialVersionUID = 1L;

    UsageError(String message) {
      super(message);
    }
  }

  private DeliveryBench(
      Path repository, ChildProcesses children, Path work, Map<Option, Integer> options) {
    this.nodes = new Nodes(children, repository, work);
    this.children = children;
    this.work = work;
    this.options = options;
  }

  /** Ends with 0, with 1 when something could not be measured, with 2 on wrong usage. */
  public static void main(String[] args) throws Exception {
    int exit = 0;
    try (ChildProcesses children = new ChildProcesses()) {
      Path repository = Path.of(System.getProperty("usher.repository", ".")).toRealPath();
      Path loadTests = repository.resolve("load-tests");
      Path work = Files.createDirectories(loadTests.resolve("target/delivery")).toRealPath();
      Set<Part> parts = EnumSet.noneOf(Part.class);
      Map<Option, Integer> options = read(List.of(args), parts);
      DeliveryBench bench = new DeliveryBench(repository, children, work, options);
      StringBuilder text = new StringBuilder(heading(args));
      for (Part part : parts) {
        System.err.printf("%s ...%n", part.option());
        try {
          text.append("\n").append(bench.measure(part));
        } catch (ProcessFailure | IOException failed) {
          System.err.println("delivery: " + part.option() + ": " + failed.getMessage());
          exit = 1;
        }
      }
      System.out.print(text);
      Path results = Files.createDirectories(loadTests.resolve("results"));
      Files.writeString(
          results.resolve("delivery-" + FILE_TIME.format(Instant.now()) + ".md"), text);
    } catch (UsageError wrong) {
      System.err.println("delivery: " + wrong.getMessage());
      System.err.println("Try './load-tests/delivery --help'.");
      exit = 2;
    }
    System.exit(exit);
  }

  private String measure(Part part) throws Exception {
    return switch (part) {
      case TAKE_OVER -> new TakeOver(nodes).measure(of(Option.RATE), of(Option.KILLS));
      case SLOW ->
          new SlowNeighbour(nodes)
              .measure(of(Option.SLOW_RATE), Duration.ofSeconds(of(Option.SLOW_SECONDS)));
      case DUE -> new MuchDue(nodes, children, work).measure(of(Option.RATE), of(Option.DUE));
      case COMEBACK -> new Comeback(nodes).measure(of(Option.COMEBACK_DUE));
      case RATE -> new SharedRate(nodes).measure(of(Option.RATE_LIMIT));
    };
  }

  private int of(Option option) {
    return options.getOrDefault(option, option.byDefault);
  }

  /** Reads options, and adds the parts that are named; all where none is. */
  private static Map<Option, Integer> read(List<String> args, Set<Part> parts) throws UsageError {
    Map<Option, Integer> options = new EnumMap<>(Option.class);
    for (int i = 0; i < args.size(); i++) {
      String argument = args.get(i);
      if (argument.startsWith("--")) {
        if (++i == args.size()) {
          throw new UsageError(argument + " needs a value");
        }
        options.put(option(argument), number(option(argument), args.get(i)));
      } else {
        parts.add(
            Part.of(argument)
                .orElseThrow(() -> new UsageError("there is no part '" + argument + "'")));
      }
    }
    if (parts.isEmpty()) {
      parts.addAll(EnumSet.allOf(Part.class));
    }
    return options;
  }

  private static Option option(String argument) throws UsageError {
    for (Option option : Option.values()) {
      if (option.option().equals(argument)) {
        return option;
      }
    }
    throw new UsageError("there is no option '" + argument + "'");
  }

  private static int number(Option option, String text) throws UsageError {
    try {
      int number = Integer.parseInt(text);
      if (number >= option.least && number <= option.most) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Said below, as for a number out of range.
    }
    throw new UsageError(
        "%s: expected %d to %d, not '%s'"
            .formatted(option.option(), option.least, option.most, text));
  }

  private static String heading(String[] args) throws IOException {
    String model =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .findFirst()
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .orElse(System.getProperty("os.arch"));
    return "%s UTC: `./load-tests/delivery %s`, %d CPUs (%s), Linux %s, JDK %s%n"
        .formatted(
            Instant.now().toString().substring(0, 16),
            String.join(" ", args),
            Runtime.getRuntime().availableProcessors(),
            model,
            System.getProperty("os.version"),
            Runtime.version());
  }
}
