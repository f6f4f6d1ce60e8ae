package dev.usher.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.usher.process.Await;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewaySamplesTest {
  @Test
  void descriptorsThatGrowAreSeenAndAHeapThatIsCollectedIsFlat(@TempDir Path directory)
      throws Exception {
    AtomicInteger looks = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/metrics",
        exchange -> {
          int look = looks.getAndIncrement();
          byte[] text =
              """
              jvm_memory_used_bytes{area="heap",id="a"} %d
              jvm_memory_used_bytes{area="nonheap",id="b"} 999
              process_files_open_files %d
              """
                  .formatted((10 + look % 2 * 30) << 20, 50 + look * 10)
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, text.length);
          exchange.getResponseBody().write(text);
          exchange.close();
        });
    server.start();
    URI management = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    try (GatewaySamples samples = new GatewaySamples(management)) {
      assertThat(samples.growth("MiB", GatewaySamples.Sample::heapMib, 5)).isPresent();
      samples.start(Duration.ZERO, Duration.ofMillis(20));
      assertThat(Await.until(Duration.ofSeconds(60), () -> looks.get() > 9)).isTrue();

      assertThat(samples.growth("MiB", GatewaySamples.Sample::heapMib, 5)).isEmpty();
      assertThat(samples.growth("descriptors", GatewaySamples.Sample::descriptors, 20))
          .hasValueSatisfying(fault -> assertThat(fault).startsWith("50 descriptors in the first"));
      Path csv = directory.resolve("samples.csv");
      samples.write(csv);
      assertThat(Files.readAllLines(csv)).hasSizeGreaterThan(9);
    } finally {
      server.stop(0);
    }
  }
}
