package dev.usher.command;

import dev.usher.Gateway;
import dev.usher.config.UsherConfig;
import dev.usher.store.DataDirectory;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the gateway until it is told to stop. */
@Command(
    name = "serve",
    description = {
      "Runs the gateway until Ctrl-C or SIGTERM.",
      "With USHER_POSTGRES_URI and USHER_REDIS_URI it uses those stores; without them embedded"
          + " ones,",
      "whose data stay under USHER_DATA_DIR (default .usher)."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--config", description = "The configuration file (default: usher.yaml).")
  private @Nullable Path file;

  @Override
  public Integer call() throws InterruptedException {
    UsherConfig config = Settings.read(System.getenv(), file, spec);
    if (config == null) {
      return 2;
    }
    Logging.use(config.log());
    Progress progress = Progress.of(config.log(), spec.commandLine().getOut());
    Standalone standalone = new Standalone(config, progress);
    CountDownLatch stopped = new CountDownLatch(1);
    Thread stop = new Thread(() -> stop(standalone, progress, stopped), "stop");
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      standalone.start();
    } catch (RuntimeException e) {
      Runtime.getRuntime().removeShutdownHook(stop);
      standalone.close();
      throw e;
    }
    Gateway.Ports ports = standalone.gateway().ports();
    progress.say("Usher " + Version.current() + " is ready");
    progress.say(
        "  events      "
            + url(config.ingress().listener().host(), ports.ingress())
            + "/in/{source id}");
    progress.say(
        "  management  " + url(config.control().listener().host(), ports.control()) + "/v1");
    progress.say(
        "  metrics     "
            + url(config.management().listener().host(), ports.management())
            + "/metrics");
    if (config.store().isEmbedded() && config.security().adminKey() == null) {
      progress.say(
          "  admin key   in " + config.store().dataDirectory().resolve(DataDirectory.ADMIN_KEY));
    }
    stopped.await();
    return 0;
  }

  /** Runs when the process is told to end, on a thread of its own; the process waits for it. */
  private static void stop(Standalone standalone, Progress progress, CountDownLatch stopped) {
    progress.say("Stopping: answering what is under way, then writing down the rest");
    try {
      standalone.close();
      progress.say("Stopped");
      Runtime.getRuntime().halt(0); // a stop that was asked for and went well is no failure
    } finally {
      stopped.countDown();
    }
  }

  private static String url(String host, int port) {
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
