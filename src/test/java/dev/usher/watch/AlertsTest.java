package dev.usher.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.watch.Dashboards.Dashboard;
import dev.usher.watch.Rules.Alert;
import dev.usher.watch.Rules.Expectation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever is woken must find out why, and what to do. */
class AlertsTest {
  static List<Alert> alerts() {
    return Rules.alerts();
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void anAlertSaysHowUrgentItIsAndLeadsToItsRunbookAndDashboard(Alert alert) throws IOException {
    assertThat(alert.labels().get("severity")).isIn("page", "ticket", "info");
    assertThat(alert.annotation("summary")).isNotBlank();
    assertThat(alert.annotation("description")).isNotBlank();
    assertThat(alert.annotation("dashboard").substring("/d/".length()))
        .isIn(Dashboards.all().stream().map(Dashboard::uid).toList());

    String[] runbook = alert.annotation("runbook_url").split("#", 2);
    assertThat(runbook[1]).isEqualTo(alert.name().toLowerCase(Locale.ROOT));
    assertThat(Files.readString(Path.of(runbook[0])).lines()).contains("### " + alert.name());
  }

  @Test
  void noRunbookIsLeftOfAnAlertThatIsGone() throws IOException {
    List<String> headings =
        Files.readString(Path.of("docs/operations.md"))
            .lines()
            .filter(line -> line.startsWith("### Usher"))
            .map(line -> line.substring(4))
            .toList();
    assertThat(headings).doesNotHaveDuplicates();
    assertThat(Set.copyOf(headings))
        .isEqualTo(alerts().stream().map(Alert::name).collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void everyAlertHasACaseInWhichItFiresAndOneInWhichItMustNot(Alert alert) {
    assertThat(Rules.expectations())
        .contains(new Expectation(alert.name(), true), new Expectation(alert.name(), false));
  }
}
