package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.usher.event.UuidV7;
import dev.usher.journal.Appended;
import dev.usher.testing.DescribedAnswers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The management API over real HTTP on a real Postgres, started once for all tests that ask for it.
 */
final class ControlFixture implements AutoCloseable {
  static final String ADMIN_KEY = "the administrator's key";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Hands the fixture to tests. */
  static final class Extension implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == ControlFixture.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.GLOBAL)
          .computeIfAbsent(ControlFixture.class, type -> start(), ControlFixture.class);
    }
  }

  /** An answer; the body is missing where there was none. */
  record Response(int status, JsonNode body, HttpResponse<String> http) {
    String text(String member) {
      return body.path(member).asText();
    }

    Optional<String> header(String name) {
      return http.headers().firstValue(name);
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final UuidV7 ids = new UuidV7(InstantSource.system());
  private final HttpClient http = HttpClient.newHttpClient();
  private final EmbeddedPostgres postgres;
  private final Pool pool;
  private final int port;
  private volatile Appended fate = new Appended.Accepted();
  private List<Route> routes = List.of();

  private ControlFixture(EmbeddedPostgres postgres) throws TimeoutException {
    this.postgres = postgres;
    Flyway.configure().dataSource(postgres.getPostgresDatabase()).load().migrate();
    this.pool = pool(postgres.getPort());
    this.port = serve(pool);
    sql(
        "SELECT create_partitions(d::date) FROM generate_series(now() - interval '3 days', now()"
            + " + interval '1 day', interval '1 day') d");
  }

  private static ControlFixture start() {
    try {
      return new ControlFixture(EmbeddedPostgres.builder().start());
    } catch (IOException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where tests look past the API. */
  String postgresUri() {
    return "postgresql://postgres:postgres@127.0.0.1:" + postgres.getPort() + "/postgres";
  }

  /** A pool of connections to a Postgres on this machine. */
  Pool pool(int postgresPort) {
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost("127.0.0.1")
            .setPort(postgresPort)
            .setDatabase("postgres")
            .setUser("postgres")
            .setPassword("postgres")
            .setCachePreparedStatements(true);
    return PgBuilder.pool()
        .with(new PoolOptions().setMaxSize(8).setConnectionTimeout(5))
        .connectingTo(options)
        .using(vertx)
        .build();
  }

  /** Serves the API on that pool; the port. */
  int serve(Pool onPool) throws TimeoutException {
    PostgresControlStores stores =
        new PostgresControlStores(onPool, new MarkingSealer(), InstantSource.system());
    ControlApi api =
        new ControlApi(
            vertx,
            stores,
            ADMIN_KEY,
            new SomeSchemes(),
            new NoPrivateUrls(),
            id -> Future.succeededFuture(),
            endpoint -> Future.succeededFuture(Optional.empty()),
            event -> Future.succeededFuture(fate));
    routes = api.routes();
    HttpServer server =
        vertx
            .createHttpServer()
            .invalidRequestHandler(ControlServer::refuse)
            .requestHandler(api.router(vertx))
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
    return server.actualPort();
  }

  /** What becomes of published events from now on: the journal is not part of this fixture. */
  void publishing(Appended fate) {
    this.fate = fate;
  }

  /** Every call that the API has. */
  List<Route> routes() {
    return routes;
  }

  int port() {
    return port;
  }

  /** A call with the administrator's key, in no organization. */
  Response admin(String method, String path, @Nullable String body) {
    return call(port, method, path, ADMIN_KEY, body, Map.of());
  }

  /** An organization of its own for a test. */
  Tenant tenant() {
    Response made = admin("POST", "/v1/organizations", "{\"name\": \"Test\"}");
    return new Tenant(this, made.text("id"), made.text("api_key"));
  }

  /** Any call. */
  Response call(
      int toPort,
      String method,
      String path,
      @Nullable String key,
      @Nullable String body,
      Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + toPort + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (key != null) {
      request.header("authorization", "Bearer " + key);
    }
    if (body != null && !headers.containsKey("content-type")) {
      request.header("content-type", "application/json");
    }
    headers.forEach(request::header);
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      DescribedAnswers.check(
          method,
          path,
          response.statusCode(),
          response.headers().firstValue("content-type").orElse(""),
          response.body());
      JsonNode json =
          response.body().isEmpty() ? MissingNode.getInstance() : JSON.readTree(response.body());
      return new Response(response.statusCode(), json, response);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** An id greater than all before, as one node makes them. */
  UUID nextId() {
    return ids.next();
  }

  /** A connection of its own, for a transaction that stays open. */
  Connection connect() throws SQLException {
    return postgres.getPostgresDatabase().getConnection();
  }

  /** Runs a statement as nodes or operators would. */
  RowSet<Row> sql(String statement, @Nullable Object... parameters) {
    @Nullable Object[] bound = parameters.clone();
    for (int i = 0; i < bound.length; i++) {
      bound[i] = bound[i] instanceof byte[] bytes ? Buffer.buffer(bytes) : bound[i];
    }
    try {
      return pool.preparedQuery(statement).execute(Tuple.from(bound)).await(10, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** The first column of the first row, as a number. */
  long number(String statement, @Nullable Object... parameters) {
    return sql(statement, parameters).iterator().next().getLong(0);
  }

  @Override
  public void close() throws IOException, TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
    postgres.close();
  }
}
