package dev.usher.load;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.CoreDsl;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * An open model: events arrive at a constant rate whatever the gateway answers, as they do from a
 * sender who does not wait. Every event is new, signed, and must be answered with 202. The settings
 * are {@link SteadySettings}.
 */
public final class SteadySimulation extends Simulation {
  private final SteadySettings settings = SteadySettings.of(System.getProperties());
  private final Queue<String> accepted = new ConcurrentLinkedQueue<>();

  public SteadySimulation() {
    Duration duration = Duration.ofSeconds(settings.seconds());
    setUp(
            scenario("steady")
                .feed(events(settings.secret()))
                .exec(sendEvent())
                .injectOpen(constantUsersPerSec(settings.rate()).during(duration)))
        .protocols(protocol())
        .assertions(
            global().failedRequests().count().lte((long) settings.failed()),
            global().responseTime().percentile(99.0).lte(settings.p99Millis()));
  }

  private static Iterator<Map<String, Object>> events(String secret) {
    return new SampleEvents(secret)
        .stream()
            .map(
                event ->
                    Map.<String, Object>of(
                        "type", event.type(), "body", event.body(), "signature", event.signature()))
            .iterator();
  }

  private ChainBuilder sendEvent() {
    return CoreDsl.exec(
            http("#{type}")
                .post(settings.url().toString())
                .header("content-type", "application/json")
                .header(ShowpassSignature.HEADER, "#{signature}")
                .body(StringBody("#{body}"))
                .check(status().is(202), jsonPath("$.id").saveAs("accepted")))
        .exec(
            session -> {
              if (settings.accepted().isPresent() && session.contains("accepted")) {
                accepted.add(session.getString("accepted"));
              }
              return session;
            });
  }

  private static HttpProtocolBuilder protocol() {
    return http
        // Without it Gatling calls its makers' site first.
        .disableWarmUp()
        // A sender keeps its connections; a new one for each event would measure the handshake.
        .shareConnections()
        .userAgentHeader("usher-load-tests");
  }

  @Override
  public void after() {
    settings.accepted().ifPresent(this::write);
  }

  private void write(Path file) {
    try {
      Files.write(file, accepted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
