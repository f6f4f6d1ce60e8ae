package dev.usher.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which class may know which library, so that each can be replaced where it is named. */
class LibrariesTest {
  private static final String HTTP_SERVER =
      "io\\.vertx\\.(core\\.http\\.(HttpServer|Server).*|ext\\.web\\..*)";

  @Test
  void onlyPostgresClassesSeeTheSqlClient() {
    noClasses()
        .that(Code.are("not named Postgres*", type -> !Code.outermost(type).startsWith("Postgres")))
        .and(Code.are("below the top", type -> !Code.stage(type).isEmpty()))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.pgclient..")
        .because("the journal is a seam: what lies behind it must be replaceable without SQL")
        .allowEmptyShould(true)
        .check(Code.PRODUCTION);
  }

  @Test
  void onlyTheStorePackageSeesJdbcAndFlyway() {
    noClasses()
        .that(Code.are("outside store", type -> !Code.stage(type).equals("store")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "org.flywaydb..")
        .because("JDBC blocks: it migrates the schema before an event loop runs, and nothing else")
        .allowEmptyShould(true)
        .check(Code.PRODUCTION);
  }

  @Test
  void onlyEmbeddedClassesSeeTheEmbeddedStores() {
    noClasses()
        .that(Code.are("not named Embedded*", type -> !Code.outermost(type).startsWith("Embedded")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.zonky..", "redis.embedded..", "org.apache.commons..", "org.tukaani..")
        .because("production does not ship these libraries")
        .allowEmptyShould(true)
        .check(Code.PRODUCTION);
  }

  @Test
  void onlyRedisClassesSeeTheRedisClient() {
    noClasses()
        .that(Code.are("not named Redis*", type -> !Code.outermost(type).startsWith("Redis")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.vertx.redis..")
        .because("Redis only remembers; whoever decides must not know that it exists")
        .allowEmptyShould(true)
        .check(Code.PRODUCTION);
  }

  @Test
  void onlyTheDoorsSeeHttpServerTypes() {
    noClasses()
        .that(
            Code.are(
                "neither a door nor at the top, where receivers to try things with live",
                type ->
                    !Set.of("door", "ingress", "control", "console").contains(Code.stage(type))
                        && !Code.TOP.contains(Code.stage(type))))
        .should()
        .dependOnClassesThat()
        .haveNameMatching(HTTP_SERVER)
        .because("behind the doors an event is a value, wherever it came in")
        .allowEmptyShould(true)
        .check(Code.PRODUCTION);
  }

  @Test
  void onlyTheTracePackageSeesOpenTelemetry() {
    noClasses()
        .that(Code.are("outside trace", type -> !Code.stage(type).equals("trace")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.opentelemetry..", "io.vertx.tracing..")
        .because("nothing of it is loaded while tracing is off")
        .check(Code.PRODUCTION);
  }

  @Test
  void onlyMetricsClassesSeeMicrometer() {
    noClasses()
        .that(Code.are("not named *Metrics", type -> !Code.outermost(type).endsWith("Metrics")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..", "io.vertx.micrometer..")
        .because("meters are looked up once, in one place a stage, never by name on the hot path")
        .allowEmptyShould(true)
        .check(Code.PRODUCTION);
  }
}
