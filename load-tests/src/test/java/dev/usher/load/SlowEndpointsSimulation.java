package dev.usher.load;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.usher.measure.Phases;
import dev.usher.measure.Phases.Phase;

/** Endpoints that hang; see {@link Suite#SLOW_ENDPOINTS}. */
public final class SlowEndpointsSimulation extends SuiteSimulation {
  private static final String BEFORE = "all endpoints answer";
  private static final String HANGING = "a third hangs";

  public SlowEndpointsSimulation() {
    this(SuiteSettings.of(Suite.SLOW_ENDPOINTS, System.getProperties()));
  }

  private SlowEndpointsSimulation(SuiteSettings settings) {
    super(settings, SlowEndpointsSimulation::phases, settings.of(Quantity.ENDPOINTS) / 3);
    int before = 1;
    int hanging = 2;
    checkDeliveredInTime(hanging);
    if (settings.delivers()) {
      check(
          rig.kept(
              "deliveries to the others",
              rig.ledger().deliveries(before),
              rig.ledger().deliveries(hanging)));
    }
    setUp(
            thenChecks(
                scenario("slow endpoints")
                    .exec(nextEvent(), send(phase(), 202))
                    .injectOpen(
                        constantUsersPerSec(settings.of(Quantity.RATE))
                            .during(rig.phases().length()))))
        .protocols(protocol())
        .assertions(assertions(answeredInTime(BEFORE), answeredInTime(HANGING)));
  }

  private static Phases phases(SuiteSettings settings) {
    return new Phases(
        Phase.ofSeconds(Phases.WARM_UP, settings.of(Quantity.WARMUP)),
        Phase.ofSeconds(BEFORE, settings.of(Quantity.BEFORE)),
        Phase.ofSeconds(HANGING, settings.of(Quantity.SECONDS)));
  }
}
