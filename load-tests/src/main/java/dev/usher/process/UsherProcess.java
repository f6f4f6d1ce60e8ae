package dev.usher.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A gateway of its own process from the root project's build, on free ports, with embedded stores
 * in a directory of its own that is deleted when it is closed.
 */
public final class UsherProcess implements AutoCloseable {
  // Embedded Postgres creates its data directory (3 s on an idle machine); a busy one takes its
  // time.
  private static final Duration START_BOUND = Duration.ofSeconds(60);
  private static final Duration STORES_END_BOUND = Duration.ofSeconds(10);
  private static final String DATA = "data";
  private static final Pattern JVM_OPTIONS =
      Pattern.compile("<usher\\.jvm\\.options>(.*?)</usher\\.jvm\\.options>");

  private final ChildProcesses children;
  private final Process process;
  private final Ports ports;
  private final String adminKey;
  private final Path directory;
  private final Path log;

  private UsherProcess(
      ChildProcesses children,
      Process process,
      Ports ports,
      String adminKey,
      Path directory,
      Path log) {
    this.children = children;
    this.process = process;
    this.ports = ports;
    this.adminKey = adminKey;
    this.directory = directory;
    this.log = log;
  }

  /**
   * What to start.
   *
   * @param repository the root project, already built
   * @param eventLoops event loops of the gateway, 1 or more
   * @param javaOptions added behind the product's own and the memory of {@link JavaCommand}
   * @param environment added to what every gateway here has, and stronger
   * @param work where its data directory and its log go
   */
  public record Settings(
      Path repository,
      int eventLoops,
      List<String> javaOptions,
      Map<String, String> environment,
      Path work,
      String name) {
    Path log() {
      return work.resolve(name + ".log");
    }
  }

  /** Ports of a gateway, all of the loopback address. */
  public record Ports(int ingress, int control, int management) {
    /** The variables that set them. */
    public Map<String, String> environment() {
      return Map.of(
          "USHER_INGRESS_HOST", "127.0.0.1",
          "USHER_INGRESS_PORT", Integer.toString(ingress),
          "USHER_CONTROL_PORT", Integer.toString(control),
          "USHER_MANAGEMENT_PORT", Integer.toString(management));
    }
  }

  /**
   * Starts the gateway and waits until it is ready.
   *
   * @throws ProcessFailure when it ends before, or is not ready within 60 s; with the end of its
   *     log
   */
  public static UsherProcess start(ChildProcesses children, Settings settings)
      throws IOException, InterruptedException {
    Path directory = children.temporaryDirectory(settings.work(), "usher-");
    Ports ports = freePorts();
    String adminKey = randomHex();
    ProcessBuilder builder = new ProcessBuilder(command(settings)).directory(directory.toFile());
    builder.environment().keySet().removeIf(key -> key.startsWith("USHER_"));
    builder.environment().putAll(environment(settings, ports, adminKey, directory));
    builder.environment().putAll(settings.environment());
    Process process = children.start(builder, settings.log());
    UsherProcess usher =
        new UsherProcess(children, process, ports, adminKey, directory, settings.log());
    usher.awaitReady();
    return usher;
  }

  private static List<String> command(Settings settings) throws IOException {
    Path target = settings.repository().resolve("target").toAbsolutePath();
    List<String> options = new ArrayList<>(productOptions(settings.repository()));
    options.addAll(JavaCommand.SERVER_MEMORY);
    options.addAll(settings.javaOptions());
    String classPath = target + "/usher.jar:" + target + "/lib/*:" + target + "/embedded/*";
    return JavaCommand.of(options, classPath, "dev.usher.Main", List.of("serve"));
  }

  private static List<String> productOptions(Path repository) throws IOException {
    Matcher options = JVM_OPTIONS.matcher(Files.readString(repository.resolve("pom.xml")));
    return options.find() ? JavaCommand.split(options.group(1)) : JavaCommand.NETTY_ACCESS;
  }

  private static Map<String, String> environment(
      Settings settings, Ports ports, String adminKey, Path directory) {
    Map<String, String> environment = new HashMap<>(ports.environment());
    environment.putAll(
        Map.of(
            "USHER_DATA_DIR",
            directory.resolve(DATA).toString(),
            "USHER_ADMIN_KEY",
            adminKey,
            "USHER_DELIVERY_ALLOWED_NETWORKS",
            "127.0.0.0/8",
            "USHER_RUNTIME_EVENT_LOOPS",
            Integer.toString(settings.eventLoops())));
    return environment;
  }

  private void awaitReady() throws InterruptedException {
    HttpRequest ready =
        HttpRequest.newBuilder(management().resolve("/health/ready"))
            .timeout(Duration.ofSeconds(5))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      boolean answered =
          Await.until(
              START_BOUND,
              () ->
                  !process.isAlive()
                      || client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode()
                          == 200);
      if (!process.isAlive()) {
        throw failure("Usher ended with " + process.exitValue() + " before it was ready");
      }
      if (!answered) {
        throw failure("Usher was not ready within " + START_BOUND.toSeconds() + " s");
      }
    }
  }

  /** A failure whose message ends with the end of the gateway's log; the gateway is ended. */
  private ProcessFailure failure(String message) {
    String tail = LogTail.of(log);
    close();
    return new ProcessFailure(message + "\n" + tail);
  }

  /** Where events come in: {@code http://127.0.0.1:PORT}. */
  public URI ingress() {
    return URI.create("http://127.0.0.1:" + ports.ingress);
  }

  /** The management API. */
  public URI control() {
    return URI.create("http://127.0.0.1:" + ports.control);
  }

  /** Metrics and health. */
  public URI management() {
    return URI.create("http://127.0.0.1:" + ports.management);
  }

  public String adminKey() {
    return adminKey;
  }

  public long pid() {
    return process.pid();
  }

  public Path log() {
    return log;
  }

  /** {@code kill -9}; returns when it has ended. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Its data directory, with its stores in it. */
  public Path data() {
    return directory.resolve(DATA);
  }

  /** Its Postgres and Redis. */
  public StoreProcesses stores() {
    return new StoreProcesses(process.pid(), directory);
  }

  /** Ends the gateway by SIGTERM, makes sure that its stores have ended, deletes its data. */
  @Override
  public void close() {
    List<ProcessHandle> stores =
        stores().running().stream().flatMap(stat -> ProcessHandle.of(stat.pid()).stream()).toList();
    children.end(process);
    try {
      if (!Await.until(STORES_END_BOUND, () -> stores.stream().noneMatch(ProcessHandle::isAlive))) {
        System.err.println("Usher left stores running; ending them");
        stores.forEach(ProcessHandle::destroyForcibly);
      }
    } catch (InterruptedException interrupted) {
      stores.forEach(ProcessHandle::destroyForcibly);
      Thread.currentThread().interrupt();
    }
    children.delete(directory);
  }

  /** Three ports that are free at this moment. */
  public static Ports freePorts() throws IOException {
    // All three held at once, or the same one could be found twice.
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket ingress = new ServerSocket(0, 1, loopback);
        ServerSocket control = new ServerSocket(0, 1, loopback);
        ServerSocket management = new ServerSocket(0, 1, loopback)) {
      return new Ports(ingress.getLocalPort(), control.getLocalPort(), management.getLocalPort());
    }
  }

  private static String randomHex() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
