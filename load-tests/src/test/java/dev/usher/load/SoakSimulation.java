package dev.usher.load;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.usher.measure.Phases;
import dev.usher.measure.Phases.Phase;
import dev.usher.receive.Check;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.ToDoubleFunction;

/** Hours of load; see {@link Suite#SOAK}. */
public final class SoakSimulation extends SuiteSimulation {
  private static final String SOAK = "soak";
  private static final int JUDGED = 1;
  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final GatewaySamples samples = new GatewaySamples(settings.management().orElseThrow());

  public SoakSimulation() {
    super(Suite.SOAK, SoakSimulation::phases, 0);
    checkDeliveredInTime(JUDGED);
    checkFlat("heap", "MiB", GatewaySamples.Sample::heapMib, Quantity.HEAP_GROWTH);
    checkFlat("buffers", "MiB", GatewaySamples.Sample::buffersMib, Quantity.BUFFER_GROWTH);
    checkFlat(
        "file descriptors",
        "descriptors",
        GatewaySamples.Sample::descriptors,
        Quantity.DESCRIPTOR_GROWTH);
    setUp(
            thenChecks(
                scenario(SOAK)
                    .exec(nextEvent(), send(phase(), 202))
                    .injectOpen(
                        constantUsersPerSec(settings.of(Quantity.RATE))
                            .during(rig.phases().length()))))
        .protocols(protocol())
        .assertions(assertions(answeredInTime(SOAK)));
  }

  private void checkFlat(
      String what, String unit, ToDoubleFunction<GatewaySamples.Sample> figure, Quantity allowed) {
    check(Check.now(what + ": flat", () -> samples.growth(unit, figure, settings.of(allowed))));
  }

  private static Phases phases(SuiteSettings settings) {
    return new Phases(
        Phase.ofSeconds(Phases.WARM_UP, settings.of(Quantity.WARMUP)),
        Phase.ofSeconds(SOAK, settings.of(Quantity.SECONDS)));
  }

  @Override
  public void before() {
    samples.start(
        Duration.ofSeconds(settings.of(Quantity.WARMUP)),
        Duration.ofSeconds(settings.of(Quantity.SAMPLE)));
  }

  @Override
  public void after() {
    samples.close();
    super.after();
    Path file = Path.of(System.getProperty("load-tests.results", "results"));
    file = file.resolve("soak-" + FILE_TIME.format(Instant.now()) + ".csv");
    samples.write(file);
    System.out.println(samples.summary() + " in " + file);
  }
}
