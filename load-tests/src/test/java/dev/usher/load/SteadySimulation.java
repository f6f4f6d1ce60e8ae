package dev.usher.load;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.usher.measure.Phases;
import dev.usher.measure.Phases.Phase;

/** A constant rate; see {@link Suite#STEADY}. */
public final class SteadySimulation extends SuiteSimulation {
  private static final String STEADY = "steady";
  private static final int JUDGED = 1;

  public SteadySimulation() {
    super(Suite.STEADY, SteadySimulation::phases, 0);
    checkDeliveredInTime(JUDGED);
    setUp(
            thenChecks(
                scenario(STEADY)
                    .exec(nextEvent(), send(phase(), 202))
                    .injectOpen(
                        constantUsersPerSec(settings.of(Quantity.RATE))
                            .during(rig.phases().length()))))
        .protocols(protocol())
        .assertions(assertions(answeredInTime(STEADY)));
  }

  private static Phases phases(SuiteSettings settings) {
    return new Phases(
        Phase.ofSeconds(Phases.WARM_UP, settings.of(Quantity.WARMUP)),
        Phase.ofSeconds(STEADY, settings.of(Quantity.SECONDS)));
  }
}
