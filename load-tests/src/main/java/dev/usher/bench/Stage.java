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
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * All that one measurement needs, started for it alone and ended after it, so that nothing of one
 * subject (autovacuum, a checkpoint, a warm or a swollen heap) is paid for by another.
 */
final class Stage implements AutoCloseable {
  // The bare server does not check it; it gets the same request as Usher, signature and all.
  private static final String ANY_SECRET = "whsec_of_a_bare_server";
  private static final String ANY_PATH = "/in/src_01kaveryfirstbenchsource0001";

  /** Of each thread of wrk: enough that no two requests of a moment share one. */
  private static final int REPEATED_KEYS = 2_000;

  private static final URI NOBODY = URI.create("http://127.0.0.1:9/never");
  private static final String NEVER_SENT = "bench.never";

  /**
   * A server under test and what is around it.
   *
   * @param pid of its process
   * @param log of its process
   * @param url where requests go
   * @param requests makes what is sent there, with new keys where the subject wants them
   * @param receiver what it delivers to, where it delivers
   * @param usher set where it is Usher
   */
  record Server(
      Subject subject,
      long pid,
      Path log,
      URI url,
      Supplier<WrkRequest> requests,
      Optional<ReceiverClient> receiver,
      Optional<Usher> usher) {}

  /**
   * Usher's own counts and its stores.
   *
   * @param endpoints that get each event
   */
  record Usher(
      UsherMetrics metrics,
      StoreProcesses stores,
      PostgresStore postgres,
      Heap heap,
      int endpoints) {}

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final ChildProcesses children;
  private final Path repository;
  private final Path work;
  private final Setup setup;

  Stage(ChildProcesses children, Path repository, Path work, Setup setup) {
    this.children = children;
    this.repository = repository;
    this.work = work;
    this.setup = setup;
  }

  /** Starts the server of a subject, and a receiver behind it where it delivers. */
  Server open(Subject subject) throws Exception {
    Optional<TlsFiles> tls =
        setup.tls() ? Optional.of(TlsFiles.make(children, work)) : Optional.empty();
    return switch (subject) {
      case BARE_SERVER -> bare(subject, BareServer.class, tls, Optional.empty());
      case BARE_PROXY -> bare(subject, BareProxy.class, tls, Optional.of(receiver()));
      case USHER_DELIVER -> usher(subject, tls, Optional.of(receiver()));
      case USHER_ACCEPT, USHER_DUPLICATE, USHER_FORGED -> usher(subject, tls, Optional.empty());
    };
  }

  private BareProcess receiver() throws IOException, InterruptedException {
    BareProcess process = BareProcess.startReceiver(children, work);
    opened.push(process);
    return process;
  }

  private Server bare(
      Subject subject, Class<?> main, Optional<TlsFiles> tls, Optional<BareProcess> receiver)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    arguments.add(Integer.toString(setup.of(Condition.LOOPS)));
    receiver.ifPresent(behind -> arguments.add(Integer.toString(behind.ports().getFirst())));
    tls.ifPresent(
        files -> arguments.addAll(List.of(files.certificate() + "", files.key().toString())));
    BareProcess process = BareProcess.start(children, work, main, arguments);
    opened.push(process);
    URI url = door(URI.create("http://127.0.0.1:" + process.ports().getFirst() + ANY_PATH));
    return new Server(
        subject,
        process.pid(),
        process.log(),
        url,
        () -> WrkRequest.to(url, ANY_SECRET, payload(), 0),
        receiver.map(this::client),
        Optional.empty());
  }

  private Server usher(Subject subject, Optional<TlsFiles> tls, Optional<BareProcess> receiver)
      throws Exception {
    UsherProcess process = UsherProcess.start(children, settings(tls));
    opened.push(process);
    ManagementApi.Source source = prepare(process, receiver);
    PostgresStore postgres = PostgresStore.of(process.data());
    opened.push(postgres);
    if (setup.of(Condition.ROWS) > 0) {
      postgres.fill(setup.of(Condition.ROWS));
    }
    UsherMetrics metrics = new UsherMetrics(client, process.management());
    URI url = door(process.ingress().resolve(source.path()));
    return new Server(
        subject,
        process.pid(),
        process.log(),
        url,
        requests(subject, url, source.secret()),
        receiver.map(this::client),
        Optional.of(
            new Usher(
                metrics,
                process.stores(),
                postgres,
                new Heap(children, work, process.pid(), metrics),
                receiver.isPresent() ? setup.of(Condition.FAN_OUT) : 0)));
  }

  private UsherProcess.Settings settings(Optional<TlsFiles> tls) {
    Map<String, String> environment = new HashMap<>();
    tls.ifPresent(
        files -> {
          environment.put("USHER_INGRESS_TLS_CERTIFICATE", files.certificate().toString());
          environment.put("USHER_INGRESS_TLS_KEY", files.key().toString());
        });
    environment.putAll(setup.environment());
    return new UsherProcess.Settings(
        repository, setup.of(Condition.LOOPS), setup.javaOptions(), environment, work, "Usher");
  }

  /** An organization with a source, and the endpoints that the setup wants. */
  private ManagementApi.Source prepare(UsherProcess process, Optional<BareProcess> receiver)
      throws IOException, InterruptedException {
    try (ManagementApi api = new ManagementApi(process.control())) {
      ManagementApi.Organization organization = api.createOrganization(process.adminKey(), "Bench");
      int concurrency = setup.of(Condition.ENDPOINT_CONCURRENCY);
      OptionalInt limit = concurrency == 0 ? OptionalInt.empty() : OptionalInt.of(concurrency);
      for (int i = 0; receiver.isPresent() && i < setup.of(Condition.FAN_OUT); i++) {
        URI url =
            URI.create("http://127.0.0.1:" + receiver.get().ports().getFirst() + "/hook/" + i);
        api.createEndpoint(organization, "Receiver " + i, url, ManagementApi.ALL, limit);
      }
      api.createEndpoints(
          organization,
          IntStream.range(0, setup.of(Condition.ENDPOINTS)).mapToObj(i -> "Idle " + i).toList(),
          NOBODY,
          NEVER_SENT);
      return api.createShowpassSource(organization, "Showpass");
    }
  }

  private Supplier<WrkRequest> requests(Subject subject, URI url, String secret) {
    return switch (subject) {
      case USHER_DUPLICATE -> {
        WrkRequest same = WrkRequest.to(url, secret, payload(), REPEATED_KEYS);
        yield () -> same;
      }
      case USHER_FORGED -> () -> WrkRequest.to(url, ANY_SECRET, payload(), 0);
      case BARE_SERVER, BARE_PROXY, USHER_ACCEPT, USHER_DELIVER ->
          () -> WrkRequest.to(url, secret, payload(), 0);
    };
  }

  private Payload payload() {
    return Payload.of(setup.of(Condition.PAYLOAD));
  }

  private URI door(URI plain) {
    return setup.tls()
        ? URI.create("https" + plain.toString().substring(plain.getScheme().length()))
        : plain;
  }

  private ReceiverClient client(BareProcess receiver) {
    return new ReceiverClient(client, receiver.pid(), receiver.ports().getLast());
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
