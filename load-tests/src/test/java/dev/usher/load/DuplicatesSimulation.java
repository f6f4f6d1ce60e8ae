package dev.usher.load;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.percent;
import static io.gatling.javaapi.core.CoreDsl.randomSwitch;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;

import dev.usher.measure.Phases;
import dev.usher.measure.Phases.Phase;
import dev.usher.receive.Check;
import io.gatling.javaapi.core.ChainBuilder;
import java.time.Duration;

/** Senders who send again; see {@link Suite#DUPLICATES}. */
public final class DuplicatesSimulation extends SuiteSimulation {
  private static final String EVENTS = "events";
  private static final String TOGETHER = "twice at the same moment";
  private static final String AGAIN = "again";
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final int JUDGED = 1;

  public DuplicatesSimulation() {
    super(Suite.DUPLICATES, DuplicatesSimulation::phases, 0);
    checkDeliveredInTime(JUDGED);
    check(
        Check.now(
            "no event is delivered twice",
            () ->
                Check.unless(
                    rig.ledger().receivedAgain() == 0,
                    "%,d deliveries of what had arrived".formatted(rig.ledger().receivedAgain()))));
    double resent = settings.of(Quantity.RESENT);
    double together = resent * settings.of(Quantity.TOGETHER) / 100;
    setUp(
            thenChecks(
                scenario("duplicates")
                    .exec(nextEvent())
                    .exec(
                        randomSwitch()
                            .on(
                                percent(100 - resent).then(send(phase(), 202)),
                                percent(together).then(together()),
                                percent(resent - together).then(later())))
                    .injectOpen(
                        constantUsersPerSec(settings.of(Quantity.RATE))
                            .during(rig.phases().length()))))
        .protocols(protocol())
        .assertions(assertions(answeredInTime(EVENTS), answeredInTime(AGAIN)));
  }

  /**
   * Gatling sends the resources of a page side by side: here the page is nothing, and the resources
   * are the same event twice. One of them is accepted, whichever comes first.
   */
  private ChainBuilder together() {
    return exec(http("before twice at once")
            .get(rig.receivers().ping().toString())
            .silent()
            .resources(
                request(_ -> TOGETHER, "one", 202, 200).notSilent(),
                request(_ -> TOGETHER, "other", 202, 200).notSilent()))
        .exec(session -> note(session, "one", false))
        .exec(session -> note(session, "other", false));
  }

  private ChainBuilder later() {
    return send(phase(), 202).pause(SHORTEST_PAUSE, LONGEST_PAUSE).exec(send(_ -> AGAIN, 200));
  }

  private static Phases phases(SuiteSettings settings) {
    return new Phases(
        Phase.ofSeconds(Phases.WARM_UP, settings.of(Quantity.WARMUP)),
        Phase.ofSeconds(EVENTS, settings.of(Quantity.SECONDS)));
  }
}
