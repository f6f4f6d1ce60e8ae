package dev.usher.bench;

import dev.usher.bare.BareProxy;
import dev.usher.bare.BareServer;
import dev.usher.load.ManagementApi;
import dev.usher.process.ChildProcesses;
import dev.usher.process.StoreProcesses;
import dev.usher.process.UsherProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * All that one measurement needs, started for it alone and ended after it, so that nothing of one
 * subject (autovacuum, a checkpoint, a warm or a swollen heap) is paid for by another.
 */
final class Stage implements AutoCloseable {
  // The bare server does not check it; it gets the same request as Usher, signature and all.
  private static final String ANY_SECRET = "whsec_of_a_bare_server";
  private static final String ANY_PATH = "/in/src_01kaveryfirstbenchsource0001";

  /**
   * A server under test and what is around it.
   *
   * @param pid of its process
   * @param log of its process
   * @param url where wrk sends
   * @param secret with which wrk signs
   * @param receiver what it delivers to, where it delivers
   * @param usher set where it is Usher
   */
  record Server(
      long pid,
      Path log,
      URI url,
      String secret,
      Optional<ReceiverClient> receiver,
      Optional<Usher> usher) {}

  /** Usher's own counts and its stores. */
  record Usher(UsherMetrics metrics, StoreProcesses stores) {}

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final ChildProcesses children;
  private final Path repository;
  private final Path work;
  private final BenchOptions options;

  Stage(ChildProcesses children, Path repository, Path work, BenchOptions options) {
    this.children = children;
    this.repository = repository;
    this.work = work;
    this.options = options;
  }

  /** Starts the server of a subject, and a receiver behind it where it delivers. */
  Server open(Subject subject) throws IOException, InterruptedException {
    return switch (subject) {
      case BARE_SERVER -> bare(start(BareServer.class, options.eventLoops()), Optional.empty());
      case BARE_PROXY -> {
        BareProcess receiver = receiver();
        int receiverPort = receiver.ports().getFirst();
        yield bare(
            start(BareProxy.class, options.eventLoops(), receiverPort),
            Optional.of(client(receiver)));
      }
      case USHER_ACCEPT -> usher(Optional.empty());
      case USHER_DELIVER -> usher(Optional.of(receiver()));
    };
  }

  private BareProcess receiver() throws IOException, InterruptedException {
    BareProcess process = BareProcess.startReceiver(children, work);
    opened.push(process);
    return process;
  }

  private BareProcess start(Class<?> main, int... arguments)
      throws IOException, InterruptedException {
    BareProcess process = BareProcess.start(children, work, main, arguments);
    opened.push(process);
    return process;
  }

  private ReceiverClient client(BareProcess receiver) {
    return new ReceiverClient(client, receiver.pid(), receiver.ports().getLast());
  }

  private static Server bare(BareProcess process, Optional<ReceiverClient> receiver) {
    URI url = URI.create("http://127.0.0.1:" + process.ports().getFirst() + ANY_PATH);
    return new Server(process.pid(), process.log(), url, ANY_SECRET, receiver, Optional.empty());
  }

  private Server usher(Optional<BareProcess> receiver) throws IOException, InterruptedException {
    UsherProcess process =
        UsherProcess.start(
            children,
            new UsherProcess.Settings(
                repository,
                options.eventLoops(),
                options.usherJavaOptions(),
                java.util.Map.of(),
                work,
                "Usher"));
    opened.push(process);
    try (ManagementApi api = new ManagementApi(process.control())) {
      ManagementApi.Organization organization = api.createOrganization(process.adminKey(), "Bench");
      ManagementApi.Source source = api.createShowpassSource(organization, "Showpass");
      if (receiver.isPresent()) {
        URI url = URI.create("http://127.0.0.1:" + receiver.get().ports().getFirst() + "/hook");
        api.createEndpoint(
            organization, "Receiver", url, ManagementApi.ALL, options.endpointConcurrency());
      }
      return new Server(
          process.pid(),
          process.log(),
          process.ingress().resolve(source.path()),
          source.secret(),
          receiver.map(this::client),
          Optional.of(new Usher(new UsherMetrics(client, process.management()), process.stores())));
    }
  }

  /** Ends the processes, the last one first: the gateway before its receiver. */
  @Override
  public void close() throws Exception {
    client.close();
    for (AutoCloseable process : opened) {
      process.close();
    }
  }
}
