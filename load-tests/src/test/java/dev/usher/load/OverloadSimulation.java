package dev.usher.load;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.usher.measure.Phases;
import dev.usher.measure.Phases.Phase;
import dev.usher.receive.Check;

/** More than the gateway can accept; see {@link Suite#OVERLOAD}. */
public final class OverloadSimulation extends SuiteSimulation {
  private static final String PROBE = "capacity";
  private static final String OVERLOAD = "overload";
  private static final int WARM_UP = 1;
  private static final int JUDGED = 2;

  private final double capacity;

  public OverloadSimulation() {
    super(Suite.OVERLOAD, OverloadSimulation::phases, 0);
    capacity =
        settings.of(Quantity.CAPACITY) > 0
            ? settings.of(Quantity.CAPACITY)
            : CapacityProbe.measure(rig, settings);
    double offered = capacity * settings.of(Quantity.TIMES);
    System.out.printf("The capacity is %,.0f events/s; sending %,.0f%n", capacity, offered);
    addChecks(offered * settings.of(Quantity.SECONDS));
    setUp(
            thenChecks(
                scenario(OVERLOAD)
                    .exec(nextEvent(), send(phase(), 202, 503))
                    .injectOpen(
                        constantUsersPerSec(capacity).during(rig.phases().length(WARM_UP)),
                        constantUsersPerSec(offered).during(rig.phases().length(JUDGED)))))
        .protocols(protocol())
        .assertions(assertions());
  }

  private void addChecks(double events) {
    int percent = settings.of(Quantity.GOODPUT);
    int millis = settings.of(Quantity.REFUSED_P99);
    check(
        Check.now(
            "the generator offers what it should",
            () ->
                Check.unless(
                    rig.ledger().sentInTime(JUDGED) * 100.0
                        >= events * settings.of(Quantity.OFFERED),
                    "it sent %,d of %,.0f events in time: give it a machine of its own"
                        .formatted(rig.ledger().sentInTime(JUDGED), events))));
    check(
        Check.now(
            "goodput: " + percent + " % of the capacity",
            () ->
                Check.unless(
                    rig.answers().acceptedPerSecond(JUDGED) >= capacity * percent / 100,
                    "%,.0f events/s were accepted, the capacity is %,.0f"
                        .formatted(rig.answers().acceptedPerSecond(JUDGED), capacity))));
    check(
        Check.now(
            "refusals: p99 within " + millis + " ms, with Retry-After",
            () ->
                Check.unless(
                    rig.answers().refused(JUDGED).millis(99) <= millis
                        && rig.answers().refusedWithoutRetryAfter() == 0,
                    "p99 is %,.0f ms; %,d have no Retry-After"
                        .formatted(
                            rig.answers().refused(JUDGED).millis(99),
                            rig.answers().refusedWithoutRetryAfter()))));
  }

  private static Phases phases(SuiteSettings settings) {
    int probe = settings.of(Quantity.CAPACITY) > 0 ? 0 : settings.of(Quantity.PROBE);
    return new Phases(
        Phase.ofSeconds(PROBE, probe),
        Phase.ofSeconds(Phases.WARM_UP, settings.of(Quantity.WARMUP)),
        Phase.ofSeconds(OVERLOAD, settings.of(Quantity.SECONDS)));
  }

  /** The probe has waited for its deliveries, and Gatling has taken its time to start. */
  @Override
  public void before() {
    rig.phases().skipTo(WARM_UP);
  }
}
