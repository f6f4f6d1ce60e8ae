package dev.usher.jmh;

import dev.usher.crypto.Hashes;
import dev.usher.dispatch.Dispatch;
import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.OrganizationId;
import dev.usher.event.SourceId;
import dev.usher.event.UuidV7;
import dev.usher.filter.EndpointFilters;
import dev.usher.journal.BatchWriter;
import dev.usher.journal.PostgresBatchWriter;
import dev.usher.journal.PostgresConnections;
import dev.usher.store.PostgresPools;
import dev.usher.store.PostgresUri;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One batch of the journal on its way to Postgres and back: parameters, the client's encoding, the
 * socket, the rows of the answer. Postgres itself is a {@link PostgresPeer} that does nothing. A
 * round trip over the loopback address is in the time, some 50 µs, and hardly anything of it in
 * what is allocated.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BatchEncodingBenchmark {
  private static final int BODY_BYTES = 1_800;
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final int DAYS = 3;

  @Param({"16", "64", "256"})
  private int events;

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
  private final Context loop = vertx.getOrCreateContext();
  private @Nullable PostgresPeer peer;
  private @Nullable PostgresBatchWriter writer;
  private List<Event> batch = List.of();

  @Setup
  public void connect() throws IOException, InterruptedException {
    PostgresPeer opened = new PostgresPeer();
    peer = opened;
    PostgresUri uri =
        PostgresUri.parse("postgresql://u:p@127.0.0.1:" + opened.port() + "/d?sslmode=disable");
    writer =
        new PostgresBatchWriter(
            new PostgresConnections(vertx, PostgresPools.journal(uri, DEADLINE), DEADLINE),
            new NoDispatch(),
            DAYS,
            new EndpointFilters());
    batch = IntStream.range(0, events).mapToObj(BatchEncodingBenchmark::event).toList();
    if (!write().stream().allMatch(BatchWriter.Fate.Accepted.class::isInstance)) {
      throw new IllegalStateException(
          "the peer does not understand the journal's statement: see PostgresPeer");
    }
  }

  private static Event event(int number) {
    String key =
        UUID.nameUUIDFromBytes(new byte[] {(byte) number, (byte) (number >> 8)}).toString();
    byte[] body = Samples.purchase(BODY_BYTES);
    Hashes hashes = new Hashes();
    SourceId source = new SourceId(new UUID(1, 2));
    return new Event(
        new EventId(new UuidV7(InstantSource.system()).next()),
        new OrganizationId(new UUID(3, 4)),
        source,
        key,
        hashes.ofKey(source.value(), key),
        hashes.ofBody(body),
        "invoice.purchase",
        "a4-2291-4c1e-9d77-5b0e6c2f8a13",
        "application/json",
        "user-agent: Showpass",
        body);
  }

  @Benchmark
  public List<BatchWriter.Fate> write() throws InterruptedException {
    CompletableFuture<List<BatchWriter.Fate>> written = new CompletableFuture<>();
    loop.runOnContext(
        _ ->
            Objects.requireNonNull(writer)
                .write(batch)
                .onComplete(written::complete, written::completeExceptionally));
    try {
      return written.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      throw new IllegalStateException(failed);
    }
  }

  @TearDown
  public void close() throws IOException {
    vertx.close().await();
    if (peer != null) {
      peer.close();
    }
  }

  /** Nothing is delivered here. */
  private static final class NoDispatch implements Dispatch {
    @Override
    public @Nullable Integer lease() {
      return null;
    }

    @Override
    public List<EndpointId> full() {
      return List.of();
    }

    @Override
    public void committed(Event event, List<EndpointId> endpoints, int lease) {}

    @Override
    public void leasesAreUncertain() {}
  }
}
