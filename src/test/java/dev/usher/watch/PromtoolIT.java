package dev.usher.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules and the configuration by the judgement of Prometheus' own tool. */
class PromtoolIT {
  @BeforeAll
  static void requireIt() {
    boolean installed = PrometheusServer.isInstalled("promtool");
    if (!installed) {
      System.err.println(
          "PromtoolIT is skipped: there is no promtool in PATH (Debian's package prometheus)");
    }
    assumeTrue(installed, "there is no promtool in PATH");
  }

  private static void promtool(List<String> arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of("promtool"));
    line.addAll(arguments);
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static List<String> files(String ending) throws IOException {
    try (Stream<Path> files = Files.list(Rules.DIRECTORY)) {
      return files.map(Path::toString).filter(name -> name.endsWith(ending)).sorted().toList();
    }
  }

  private static List<String> line(String first, String second, List<String> files) {
    return Stream.concat(Stream.of(first, second), files.stream()).toList();
  }

  @Test
  void theRulesAreRulesAndTheConfigurationFindsThem() throws Exception {
    List<String> rules =
        Rules.FILES.stream().map(name -> Rules.DIRECTORY.resolve(name).toString()).toList();
    promtool(line("check", "rules", rules));
    promtool(List.of("check", "config", Rules.DIRECTORY.resolve("prometheus.yml").toString()));
  }

  @Test
  void eachAlertFiresInItsCasesAndInNoOther() throws Exception {
    List<String> cases = files("-test.yml");
    assertThat(cases).isNotEmpty();
    promtool(line("test", "rules", cases));
  }
}
