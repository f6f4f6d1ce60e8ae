package dev.usher.load;

import dev.usher.load.SampleEvents.SampleEvent;
import dev.usher.measure.Latencies;
import dev.usher.measure.Phases;
import dev.usher.receive.Check;
import dev.usher.receive.Ledger;
import dev.usher.receive.Receivers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * Everything of a run but the load generator: the receivers, the source and its endpoints, the
 * events, and the account of them.
 */
public final class Rig implements AutoCloseable {
  private static final String ID = "\"id\":\"";
  private static final int ACCEPTED = 202;
  private static final int KNOWN = 200;
  private static final int UNAUTHENTICATED = 401;

  private final SuiteSettings settings;
  private final Phases phases;
  private final Ledger ledger;
  private final Receivers receivers;
  private final Target target;
  private final SampleEvents samples;
  private final Answers answers;
  private final Queue<String> acceptedIds = new ConcurrentLinkedQueue<>();

  private Rig(
      SuiteSettings settings, Phases phases, Ledger ledger, Receivers receivers, Target target) {
    this.settings = settings;
    this.phases = phases;
    this.ledger = ledger;
    this.receivers = receivers;
    this.target = target;
    this.samples = new SampleEvents(target.secret());
    this.answers = new Answers(phases);
  }

  /**
   * Starts the receivers and makes the source.
   *
   * @param hanging how many of the endpoints hang while the last phase runs
   * @throws Target.Unfit when the gateway cannot be reached or refuses
   */
  public static Rig start(SuiteSettings settings, Phases phases, int hanging)
      throws Target.Unfit, InterruptedException, TimeoutException {
    int endpoints = settings.delivers() ? settings.of(Quantity.ENDPOINTS) : 0;
    int answering = Math.max(0, endpoints - hanging);
    Ledger ledger = new Ledger(answering, phases);
    Receivers receivers =
        new Receivers(
            ledger, answering, () -> phases.now() == phases.count() - 1, settings.receivers());
    receivers.start();
    try {
      Target target =
          Target.of(settings, IntStream.range(0, endpoints).mapToObj(receivers::endpoint).toList());
      Runtime.getRuntime().addShutdownHook(new Thread(target::close, "delete-what-was-made"));
      return new Rig(settings, phases, ledger, receivers, target);
    } catch (Target.Unfit unfit) {
      receivers.close();
      throw unfit;
    }
  }

  public Phases phases() {
    return phases;
  }

  public Ledger ledger() {
    return ledger;
  }

  public Receivers receivers() {
    return receivers;
  }

  public Target target() {
    return target;
  }

  public Answers answers() {
    return answers;
  }

  /** The next event, which is sent now. */
  public SampleEvent nextEvent() {
    return samples.event(ledger.send());
  }

  /**
   * Enters the answer to an event.
   *
   * @param body the answer's, as text
   */
  public void answered(SampleEvent event, int status, String body) {
    int number = event.key().number();
    switch (status) {
      case ACCEPTED -> {
        String id = id(body);
        ledger.accepted(number, id);
        if (settings.accepted().isPresent()) {
          acceptedIds.add(id);
        }
      }
      case KNOWN -> ledger.known(number, id(body));
      case UNAUTHENTICATED -> ledger.refused(number);
      default -> {
        // Unknown whether it was kept: it may arrive or not.
      }
    }
  }

  private static String id(String body) {
    int begin = body.indexOf(ID) + ID.length();
    int end = body.indexOf('"', begin);
    return begin < ID.length() || end < 0 ? "" : body.substring(begin, end);
  }

  /** What must hold of the events of every suite. */
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    Duration drain = Duration.ofSeconds(settings.of(Quantity.DRAIN));
    if (settings.delivers()) {
      checks.add(
          new Check(
              "every accepted event is delivered",
              drain,
              () ->
                  Check.unless(
                      ledger.missing() == 0,
                      "%,d deliveries are missing after %d s, for example of %s"
                          .formatted(
                              ledger.missing(),
                              drain.toSeconds(),
                              ledger.exampleOfMissing().orElse("none")))));
      checks.add(
          Check.now(
              "nothing else is delivered",
              () ->
                  Check.unless(
                      ledger.refusedButReceived() + ledger.strange() == 0,
                      "%,d deliveries of refused events, %,d of events never sent"
                          .formatted(ledger.refusedButReceived(), ledger.strange()))));
    }
    checks.add(
        Check.now(
            "each event is accepted once, under one id",
            () ->
                Check.unless(
                    ledger.acceptedAgain() + ledger.otherIds() == 0,
                    "%,d were accepted again, %,d answers and deliveries have another id"
                        .formatted(ledger.acceptedAgain(), ledger.otherIds()))));
    return checks;
  }

  /** Deliveries of events sent in a phase must arrive in time. */
  public Check deliveredInTime(int phase) {
    int bound = settings.of(Quantity.DELIVERY_P99);
    return Check.now(
        "deliveries (" + phases.name(phase) + "): p99 within " + bound + " ms",
        () -> {
          double millis = ledger.deliveries(phase).millis(99);
          return Check.unless(
              millis > 0 && millis <= bound, "99 %% arrived within %,.0f ms".formatted(millis));
        });
  }

  /** A p99 must stay what it was, within the bounds of the settings. */
  public Check kept(String what, Latencies before, Latencies now) {
    int times = settings.of(Quantity.KEPT);
    int millis = settings.of(Quantity.KEPT_MS);
    return Check.now(
        "%s: p99 within %d times, or %d ms".formatted(what, times, millis),
        () ->
            Check.unless(
                now.count() > 0 && now.millis(99) <= Math.max(times * before.millis(99), millis),
                "was %,.1f ms, became %,.1f ms".formatted(before.millis(99), now.millis(99))));
  }

  /** What became of the events, for people. */
  public String summary() {
    StringBuilder text =
        new StringBuilder(
            "%,d events sent, %,d accepted; answers by status (0: none): %s%n"
                .formatted(ledger.sent(), ledger.accepted(), answers.byStatus()));
    if (settings.delivers()) {
      text.append(
          "%,d deliveries arrived, %,d more than once, %,d are missing%n"
              .formatted(ledger.received(), ledger.receivedAgain(), ledger.missing()));
    } else {
      text.append("deliveries were not followed: the source was given by --url\n");
    }
    for (int phase = 0; phase < phases.count(); phase++) {
      text.append(line("answers", phase, answers.inPhase(phase)));
      text.append(line("answers 503", phase, answers.refused(phase)));
      text.append(line("deliveries", phase, ledger.deliveries(phase)));
    }
    return text.toString();
  }

  private String line(String what, int phase, Latencies times) {
    if (times.count() == 0) {
      return "";
    }
    return "%-12s %-28s %,10d   p50 %,9.1f ms   p99 %,9.1f ms   most %,9.1f ms%n"
        .formatted(
            what,
            phases.name(phase),
            times.count(),
            times.millis(50),
            times.millis(99),
            times.millis(100));
  }

  /** Takes away what was made for the run, and writes the ids where that was wanted. */
  @Override
  public void close() {
    target.close();
    receivers.close();
    settings.accepted().ifPresent(this::write);
  }

  private void write(Path file) {
    try {
      Files.write(file, acceptedIds);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
