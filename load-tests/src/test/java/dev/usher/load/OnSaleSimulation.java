package dev.usher.load;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.usher.measure.Phases;
import dev.usher.measure.Phases.Phase;
import java.time.Duration;

/** A popular show goes on sale; see {@link Suite#ON_SALE}. */
public final class OnSaleSimulation extends SuiteSimulation {
  private static final String SALE = "on sale";
  private static final String AFTER = "after the rush";
  private static final int JUDGED = 1;

  public OnSaleSimulation() {
    super(Suite.ON_SALE, OnSaleSimulation::phases, 0);
    checkDeliveredInTime(JUDGED);
    double rate = settings.of(Quantity.RATE);
    double peak = rate * settings.of(Quantity.TIMES);
    setUp(
            thenChecks(
                scenario(SALE)
                    .exec(nextEvent(), send(phase(), 202))
                    .injectOpen(
                        constantUsersPerSec(rate).during(seconds(Quantity.BEFORE)),
                        rampUsersPerSec(rate).to(peak).during(seconds(Quantity.RAMP)),
                        constantUsersPerSec(peak).during(seconds(Quantity.SECONDS)),
                        rampUsersPerSec(peak).to(rate).during(seconds(Quantity.FALL)))))
        .protocols(protocol())
        .assertions(assertions(answeredInTime(SALE)));
  }

  private Duration seconds(Quantity quantity) {
    return Duration.ofSeconds(settings.of(quantity));
  }

  private static Phases phases(SuiteSettings settings) {
    return new Phases(
        Phase.ofSeconds(Phases.WARM_UP, settings.of(Quantity.BEFORE)),
        Phase.ofSeconds(SALE, settings.of(Quantity.RAMP) + settings.of(Quantity.SECONDS)),
        Phase.ofSeconds(AFTER, settings.of(Quantity.FALL)));
  }
}
