package dev.usher.command;

import dev.usher.Gateway;
import dev.usher.config.UsherConfig;
import dev.usher.demo.Demo;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The main job before a newcomer's eyes. */
@Command(
    name = "demo",
    description = {
      "Shows the main job with nothing installed: embedded Postgres and Redis, a Showpass source,"
          + " two",
      "receivers (one fails now and then), and signed sample events flowing through. Ctrl-C ends"
          + " it;",
      "its data are removed."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DemoCommand implements Callable<Integer> {
  private static final Duration FIRST_DELIVERY = Duration.ofSeconds(15);
  private static final Duration LAST_DELIVERY = Duration.ofSeconds(60);
  private static final long EVENTS_PER_SECOND = 5;

  @Spec private CommandSpec spec;

  @Option(
      names = "--events",
      description = "Sends so many events; default: five a second until Ctrl-C.")
  private @Nullable Long events;

  @Option(
      names = "--exit",
      description = "With --events: ends when all are delivered, 0 if none is missing.")
  private boolean exit;

  @Option(
      names = "--port",
      description =
          "The public door; management is one higher, metrics two. Default: ${DEFAULT-VALUE}.")
  private int port = 8080;

  @Option(
      names = "--attach",
      description =
          "Uses the gateway that runs on this machine at --port, and USHER_ADMIN_KEY, instead of a"
              + " gateway of its own. It must be allowed to deliver to 127.0.0.0/8.")
  private boolean attach;

  @Override
  public Integer call() throws Exception {
    if (events == null ? exit : events < 1) {
      throw new ParameterException(
          spec.commandLine(),
          events == null
              ? "--exit needs --events N, 1 or more"
              : "--events is " + events + "; expected 1 or more");
    }
    Logging.quiet();
    Progress progress = new Progress(spec.commandLine().getOut());
    return attach ? playAtRunning(progress) : playAtOwn(progress);
  }

  private int playAtRunning(Progress progress) throws Exception {
    String adminKey = System.getenv("USHER_ADMIN_KEY");
    if (adminKey == null || port == 0) {
      throw new ParameterException(
          spec.commandLine(), "--attach needs USHER_ADMIN_KEY, and --port of the running gateway");
    }
    URI management = URI.create("http://127.0.0.1:" + (port + 1));
    try (Demo demo = Demo.start(URI.create("http://127.0.0.1:" + port), management, adminKey)) {
      int result = play(demo, management, new Gateway.Ports(port, port + 1, port + 2), progress);
      if (!exit) {
        Thread.currentThread().join(); // until Ctrl-C
      }
      return result;
    }
  }

  private int playAtOwn(Progress progress) throws Exception {
    Path data = Files.createTempDirectory("usher-demo-");
    UsherConfig config = Settings.read(environment(data), null, spec);
    if (config == null) {
      Files.delete(data);
      return 2;
    }
    Scene scene = new Scene(data);
    Thread cleanUp = new Thread(scene::close, "stop");
    Runtime.getRuntime().addShutdownHook(cleanUp);
    Standalone standalone = new Standalone(config, progress);
    scene.standalone = standalone;
    standalone.start();
    Gateway.Ports ports = standalone.gateway().ports();
    URI management = URI.create("http://127.0.0.1:" + ports.control());
    scene.demo =
        Demo.start(
            URI.create("http://127.0.0.1:" + ports.ingress()), management, standalone.adminKey());
    int result = play(scene.demo, management, ports, progress);
    if (!exit) {
      Thread.currentThread().join(); // until Ctrl-C
    }
    scene.close();
    Runtime.getRuntime().removeShutdownHook(cleanUp);
    return result;
  }

  private Map<String, String> environment(Path data) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment
        .keySet()
        .removeIf(key -> key.startsWith("USHER_") && !key.startsWith("USHER_RUNTIME"));
    environment.put("USHER_INGRESS_HOST", "127.0.0.1");
    environment.put("USHER_INGRESS_PORT", Integer.toString(port));
    environment.put("USHER_CONTROL_PORT", Integer.toString(port == 0 ? 0 : port + 1));
    environment.put("USHER_MANAGEMENT_PORT", Integer.toString(port == 0 ? 0 : port + 2));
    environment.put("USHER_DATA_DIR", data.toString());
    environment.put("USHER_DELIVERY_ALLOWED_NETWORKS", "127.0.0.0/8");
    return environment;
  }

  private int play(Demo demo, URI management, Gateway.Ports ports, Progress progress)
      throws InterruptedException {
    demo.sendOne();
    try {
      Demo.First first = demo.awaitFirst(FIRST_DELIVERY);
      progress.say(
          "The first event is through: " + first.type() + " came in signed by Showpass's rules,");
      progress.say(
          "was written to Postgres, and arrived, signed anew, at the organizer's endpoint");
      progress.say("as " + first.eventId() + " (" + sinceStart() + " after the start).");
    } catch (TimeoutException e) {
      progress.say("No event was delivered within " + FIRST_DELIVERY.toSeconds() + " s.");
      return 1;
    }
    progress.say("");
    progress.say("  console     " + management + "/console");
    progress.say("              sign in with " + demo.apiKey());
    progress.say("  management  " + management + "/v1");
    progress.say("  metrics     http://127.0.0.1:" + ports.management() + "/metrics");
    progress.say("  try         " + demo.curl());
    progress.say("");
    return events == null ? goOn(demo, progress) : sendAll(demo, events, progress);
  }

  private int goOn(Demo demo, Progress progress) throws InterruptedException {
    progress.say("Five events a second from here on; Ctrl-C ends the demo.");
    for (long sent = 1; ; sent++) {
      pause(1_000 / EVENTS_PER_SECOND);
      demo.sendOne();
      if (sent % EVENTS_PER_SECOND == 0) {
        progress.count(demo.line());
      }
    }
  }

  private int sendAll(Demo demo, long events, Progress progress) throws InterruptedException {
    long shown = System.nanoTime();
    for (long sent = 1; sent < events; sent++) {
      demo.sendOne();
      if (System.nanoTime() - shown > 1_000_000_000L) {
        shown = System.nanoTime();
        progress.count(demo.line());
      }
    }
    demo.awaitAnswers();
    long deadline = System.nanoTime() + LAST_DELIVERY.toNanos();
    while (!demo.isComplete() && System.nanoTime() - deadline < 0) {
      pause(20);
    }
    progress.say("");
    progress.say(demo.summary());
    progress.say(demo.isComplete() ? "Every event was delivered." : "EVENTS ARE MISSING.");
    if (!exit) {
      progress.say("The gateway goes on; Ctrl-C ends the demo.");
    }
    return demo.isComplete() ? 0 : 1;
  }

  private static void pause(long millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis); // the pace of a person's eyes
  }

  private static String sinceStart() {
    long millis =
        System.currentTimeMillis()
            - ProcessHandle.current()
                .info()
                .startInstant()
                .map(Instant::toEpochMilli)
                .orElse(System.currentTimeMillis());
    return "%.1f s".formatted(millis / 1e3);
  }

  /** What runs, and what remains to be cleared away, whichever way the demo ends. */
  private static final class Scene implements AutoCloseable {
    private final Path data;
    private volatile @Nullable Standalone standalone;
    private volatile @Nullable Demo demo;

    Scene(Path data) {
      this.data = data;
    }

    @Override
    public void close() {
      Standalone running = standalone;
      if (running != null) {
        running.close();
      }
      Demo shown = demo;
      if (shown != null) {
        shown.close();
      }
      try (Stream<Path> files = Files.walk(data)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      } catch (IOException e) {
        System.err.println("usher: " + data + " could not be removed: " + e.getMessage());
      }
    }
  }
}
