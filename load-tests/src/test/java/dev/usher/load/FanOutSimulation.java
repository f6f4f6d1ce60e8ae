package dev.usher.load;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.usher.measure.Phases;
import dev.usher.measure.Phases.Phase;

/** One event, many endpoints; see {@link Suite#FAN_OUT}. */
public final class FanOutSimulation extends SuiteSimulation {
  private static final String FAN_OUT = "fan-out";
  private static final int JUDGED = 1;

  public FanOutSimulation() {
    super(Suite.FAN_OUT, FanOutSimulation::phases, 0);
    checkDeliveredInTime(JUDGED);
    setUp(
            thenChecks(
                scenario(FAN_OUT)
                    .exec(nextEvent(), send(phase(), 202))
                    .injectOpen(
                        constantUsersPerSec(settings.of(Quantity.RATE))
                            .during(rig.phases().length()))))
        .protocols(protocol())
        .assertions(assertions(answeredInTime(FAN_OUT)));
  }

  private static Phases phases(SuiteSettings settings) {
    return new Phases(
        Phase.ofSeconds(Phases.WARM_UP, settings.of(Quantity.WARMUP)),
        Phase.ofSeconds(FAN_OUT, settings.of(Quantity.SECONDS)));
  }
}
