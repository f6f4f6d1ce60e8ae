package dev.usher.load;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.usher.measure.Phases;
import dev.usher.measure.Phases.Phase;
import io.gatling.javaapi.core.ScenarioBuilder;
import java.time.Duration;

/** A flood of bad signatures; see {@link Suite#FORGED_FLOOD}. */
public final class ForgedSimulation extends SuiteSimulation {
  private static final String ALONE = "good, alone";
  private static final String BESIDE = "good, beside the flood";
  private static final String FORGED = "forged";
  private static final String WRONG_SECRET = "not the source's secret";

  public ForgedSimulation() {
    super(Suite.FORGED_FLOOD, ForgedSimulation::phases, 0);
    int alone = 1;
    int beside = 2;
    checkDeliveredInTime(beside);
    check(rig.kept("answers", rig.answers().inPhase(alone), rig.answers().inPhase(beside)));
    int quietSeconds = settings.of(Quantity.WARMUP) + settings.of(Quantity.BEFORE);
    setUp(
            thenChecks(
                scenario("good")
                    .exec(nextEvent(), send(phase(), 202))
                    .injectOpen(
                        constantUsersPerSec(settings.of(Quantity.RATE))
                            .during(rig.phases().length()))),
            forger()
                .injectOpen(
                    nothingFor(Duration.ofSeconds(quietSeconds)),
                    constantUsersPerSec(settings.of(Quantity.FORGED))
                        .during(Duration.ofSeconds(settings.of(Quantity.SECONDS)))))
        .protocols(protocol())
        .assertions(assertions(answeredInTime(ALONE), answeredInTime(BESIDE)));
  }

  /** Right in everything but the secret. */
  private ScenarioBuilder forger() {
    return scenario(FORGED)
        .exec(nextEvent())
        .exec(
            exec(
                request(
                    _ -> FORGED,
                    FORGED,
                    session -> ShowpassSignature.sign(WRONG_SECRET, session.userId() + ""),
                    401)))
        .exec(session -> note(session, FORGED, false));
  }

  private static Phases phases(SuiteSettings settings) {
    return new Phases(
        Phase.ofSeconds(Phases.WARM_UP, settings.of(Quantity.WARMUP)),
        Phase.ofSeconds(ALONE, settings.of(Quantity.BEFORE)),
        Phase.ofSeconds(BESIDE, settings.of(Quantity.SECONDS)));
  }
}
