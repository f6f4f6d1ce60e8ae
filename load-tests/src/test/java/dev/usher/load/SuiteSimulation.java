package dev.usher.load;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.bodyString;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.responseTimeInMillis;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import dev.usher.load.SampleEvents.SampleEvent;
import dev.usher.measure.Phases;
import dev.usher.receive.Check;
import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.CheckBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What all suites share: signed events are sent in an open model (at their rate, whatever the
 * gateway answers), each answer is entered in the ledger, and when the load is over the checks are
 * asked, as requests of their own in the report.
 */
abstract class SuiteSimulation extends Simulation {
  private static final String EVENT = "event";
  private static final Duration CHECK_MARGIN = Duration.ofSeconds(30);

  final SuiteSettings settings;
  final Rig rig;
  private final List<Check> checks;

  /**
   * @param hanging how many of the endpoints hang in the last phase
   */
  SuiteSimulation(Suite suite, Function<SuiteSettings, Phases> phases, int hanging) {
    this(SuiteSettings.of(suite, System.getProperties()), phases, hanging);
  }

  SuiteSimulation(SuiteSettings settings, Function<SuiteSettings, Phases> phases, int hanging) {
    this.settings = settings;
    this.rig = start(settings, phases.apply(settings), hanging);
    this.checks = new ArrayList<>(rig.checks());
  }

  private static Rig start(SuiteSettings settings, Phases phases, int hanging) {
    try {
      return Rig.start(settings, phases, hanging);
    } catch (Target.Unfit unfit) {
      System.err.println("run: " + unfit.getMessage());
      System.exit(1);
      throw new IllegalStateException(unfit);
    } catch (TimeoutException failed) {
      throw new IllegalStateException("the receivers did not start", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** One event, which is sent when it is asked for. */
  final ChainBuilder nextEvent() {
    return feed(
        new Iterator<Map<String, Object>>() {
          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public Map<String, Object> next() {
            return Map.of(EVENT, rig.nextEvent());
          }
        });
  }

  /** Sends the session's event, which should get one of these answers, and notes the answer. */
  final ChainBuilder send(Function<Session, String> name, Integer... expected) {
    return exec(request(name, EVENT, expected)).exec(session -> note(session, EVENT, true));
  }

  /** A request with the session's event whose answer is saved under {@code slot}. */
  final HttpRequestActionBuilder request(
      Function<Session, String> name, String slot, Integer... expected) {
    return request(name, slot, session -> event(session).signature(), expected);
  }

  /** The same with another signature. */
  final HttpRequestActionBuilder request(
      Function<Session, String> name,
      String slot,
      Function<Session, String> signature,
      Integer... expected) {
    List<CheckBuilder> saved =
        List.of(
            status().saveAs(slot + ".status"),
            bodyString().saveAs(slot + ".body"),
            responseTimeInMillis().saveAs(slot + ".millis"),
            header("Retry-After").optional().saveAs(slot + ".retry"),
            status().in(List.of(expected)));
    return http(name)
        .post(rig.target().url().toString())
        .header("content-type", "application/json")
        .header(ShowpassSignature.HEADER, signature)
        .body(StringBody(session -> event(session).body()))
        .check(saved);
  }

  /**
   * Enters the saved answer in the ledger.
   *
   * @param timed whether its time counts among those that are compared
   */
  final Session note(Session session, String slot, boolean timed) {
    if (!session.contains(slot + ".status")) {
      rig.answers().count(0);
      return session;
    }
    int status = session.getInt(slot + ".status");
    String body = session.contains(slot + ".body") ? session.getString(slot + ".body") : "";
    rig.answered(event(session), status, body == null ? "" : body);
    if (timed) {
      rig.answers()
          .note(status, session.getInt(slot + ".millis"), session.contains(slot + ".retry"));
    } else {
      rig.answers().count(status);
    }
    return session.removeAll(slot + ".status", slot + ".body", slot + ".millis", slot + ".retry");
  }

  private static SampleEvent event(Session session) {
    SampleEvent event = session.get(EVENT);
    if (event == null) {
      throw new IllegalStateException("no event was fed");
    }
    return event;
  }

  /** Requests are named by the phase in which they are sent. */
  final Function<Session, String> phase() {
    return _ -> rig.phases().name(rig.phases().now());
  }

  /** Adds what must hold when the load is over. */
  final void check(Check check) {
    checks.add(check);
  }

  /** Adds the p99 of deliveries in a phase, where deliveries are followed. */
  final void checkDeliveredInTime(int phase) {
    if (settings.delivers()) {
      check(rig.deliveredInTime(phase));
    }
  }

  /** The users of the checks, to follow those of the load. */
  final PopulationBuilder thenChecks(PopulationBuilder load) {
    ScenarioBuilder asking = scenario("what must hold");
    for (Check check : checks) {
      asking =
          asking.exec(
              http(check.name())
                  .get(rig.receivers().add(check).toString())
                  .requestTimeout(check.patience().plus(CHECK_MARGIN))
                  .check(status().is(200)));
    }
    return load.andThen(asking.injectOpen(atOnceUsers(1)));
  }

  /** That no more requests failed than may, that all checks hold, and these. */
  final Assertion[] assertions(Assertion... own) {
    Stream<Assertion> always =
        Stream.of(global().failedRequests().count().lte((long) settings.of(Quantity.FAILED)));
    Stream<Assertion> checked =
        checks.stream().map(check -> details(check.name()).failedRequests().count().is(0L));
    return Stream.of(always, Arrays.stream(own), checked)
        .flatMap(each -> each)
        .toArray(Assertion[]::new);
  }

  /** That 99 % of the answers to requests of this name come in time. */
  final Assertion answeredInTime(String name) {
    return details(name).responseTime().percentile(99.0).lte(settings.of(Quantity.P99));
  }

  final HttpProtocolBuilder protocol() {
    return http
        // Without it Gatling calls its makers' site first.
        .disableWarmUp()
        // A sender keeps its connections; a new one for each event would measure the handshake.
        .shareConnections()
        .userAgentHeader("usher-load-tests");
  }

  @Override
  public void after() {
    rig.close();
    System.out.println();
    System.out.print(rig.summary());
  }
}
