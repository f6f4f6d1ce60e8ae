package dev.usher.journal;

import dev.usher.event.OrganizationId;
import dev.usher.event.Source;
import dev.usher.event.SourceId;
import dev.usher.journal.RejectionSample.Kept;
import dev.usher.store.Sql;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the sample of refused requests every few seconds, off their way, one statement at a time.
 * Of each source the newest {@value #KEPT_OF_A_SOURCE} are kept. What cannot be written is
 * forgotten: it is a sample.
 *
 * <p>Lives on one event loop and is not thread-safe.
 */
public final class PostgresRejectionLog implements RejectionLog {
  static final int KEPT_OF_A_SOURCE = 500;

  private static final Logger LOG = LoggerFactory.getLogger(PostgresRejectionLog.class);
  private static final String STATEMENT = Sql.read(PostgresRejectionLog.class, "reject.sql");
  private static final long INTERVAL_MILLIS = 2_000;
  private static final UUID NIL = new UUID(0, 0);

  private final Vertx vertx;
  private final Pool pool;
  private final RejectionSample sample = new RejectionSample();
  private boolean waiting; // a timer runs, or a statement
  private boolean failing;

  public PostgresRejectionLog(Vertx vertx, Pool pool) {
    this.vertx = vertx;
    this.pool = pool;
  }

  @Override
  public void refused(@Nullable Source source, String code, Supplier<Rejection> details) {
    sample.add(source == null ? null : source.id(), code, details);
    if (!waiting) {
      waiting = true;
      vertx.setTimer(INTERVAL_MILLIS, _ -> write());
    }
  }

  /** Ends after an interval without refusals, which also forgets what went on before. */
  private void write() {
    if (sample.isEmpty()) {
      sample.take();
      waiting = false;
      return;
    }
    flush().onComplete(_ -> vertx.setTimer(INTERVAL_MILLIS, _ -> write()));
  }

  /** Writes what is there now; never fails. For the end, too. */
  public Future<Void> flush() {
    List<Kept> kept = sample.take();
    if (kept.isEmpty()) {
      return Future.succeededFuture();
    }
    return pool.preparedQuery(STATEMENT)
        .execute(parameters(kept))
        .transform(
            done -> {
              if (done.failed() && !failing) {
                LOG.warn("Refused requests are not written down: {}", done.cause().toString());
              }
              failing = done.failed();
              return Future.succeededFuture();
            });
  }

  private static Tuple parameters(List<Kept> kept) {
    int size = kept.size();
    UUID[] organizations = new UUID[size];
    UUID[] sources = new UUID[size];
    UUID[] ids = new UUID[size];
    String[] codes = new String[size];
    Integer[] statuses = new Integer[size];
    String[] reasons = new String[size];
    @Nullable String[] addresses = new @Nullable String[size];
    @Nullable String[] keys = new @Nullable String[size];
    @Nullable Integer[] bodyBytes = new @Nullable Integer[size];
    Integer[] alike = new Integer[size];
    for (int i = 0; i < size; i++) {
      Rejection rejection = kept.get(i).rejection();
      OrganizationId organization = rejection.organization();
      SourceId source = rejection.source();
      organizations[i] = organization == null ? NIL : organization.value();
      sources[i] = source == null ? NIL : source.value();
      ids[i] = rejection.id();
      codes[i] = rejection.code();
      statuses[i] = rejection.status();
      reasons[i] = rejection.reason();
      addresses[i] = rejection.address();
      keys[i] = rejection.key();
      bodyBytes[i] = rejection.bodyBytes();
      alike[i] = kept.get(i).alike();
    }
    return Tuple.wrap(
        Arrays.asList(
            organizations,
            sources,
            ids,
            codes,
            statuses,
            reasons,
            addresses,
            keys,
            bodyBytes,
            alike,
            KEPT_OF_A_SOURCE));
  }
}
