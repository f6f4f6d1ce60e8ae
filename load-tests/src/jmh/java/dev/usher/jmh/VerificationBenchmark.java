package dev.usher.jmh;

import dev.usher.event.Source;
import dev.usher.verify.SignedRequest;
import dev.usher.verify.Verification;
import dev.usher.verify.Verifier;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One request, from its headers and its body to the verdict. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class VerificationBenchmark {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String ANOTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @Param({"showpass", "standard-webhooks", "hmac"})
  private String scheme = "";

  @Param({"1800", "65536"})
  private int bytes;

  private final Verifier verifier = new Verifier();
  private Source source = Samples.source("showpass", SECRET, Map.of());
  private SignedRequest genuine = request(SECRET);
  private SignedRequest forged = request(ANOTHER);

  @Setup
  public void sign() {
    Map<String, String> options =
        scheme.equals("hmac")
            ? Map.of(
                "header",
                "x-signature",
                "signed",
                "{body}",
                "key",
                "body:webhook_event_uuid",
                "type",
                "body:event_type")
            : Map.of();
    source = Samples.source(scheme, SECRET, options);
    genuine = request(SECRET);
    forged = request(ANOTHER);
    if (!(genuine() instanceof Verification.Genuine)
        || !(forged() instanceof Verification.Refused)) {
      throw new IllegalStateException(scheme + ": " + genuine() + " and " + forged());
    }
  }

  private SignedRequest request(String secret) {
    return Samples.request(source, secret, Samples.purchase(bytes), NOW);
  }

  @Benchmark
  public Verification genuine() {
    return verifier.verify(source, genuine, NOW);
  }

  @Benchmark
  public Verification forged() {
    return verifier.verify(source, forged, NOW);
  }
}
