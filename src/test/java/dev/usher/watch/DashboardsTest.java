package dev.usher.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.watch.Dashboards.Dashboard;
import dev.usher.watch.Dashboards.Panel;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What makes a dashboard importable without a change, and readable by somebody new to it. */
class DashboardsTest {
  private static final Pattern LINK = Pattern.compile("\"url\"\\s*:\\s*\"([^\"]*)\"");
  private static final Pattern TO_A_DASHBOARD = Pattern.compile("/d/([a-z-]+)(\\?.*)?");

  static List<Dashboard> dashboards() {
    return Dashboards.all();
  }

  static List<Panel> panels() {
    return Dashboards.all().stream().flatMap(dashboard -> dashboard.panels().stream()).toList();
  }

  private static Set<String> uids() {
    return dashboards().stream().map(Dashboard::uid).collect(Collectors.toSet());
  }

  @Test
  void theFourDashboardsAreThereEachUnderAUidOfItsOwn() {
    assertThat(dashboards())
        .extracting(Dashboard::uid)
        .containsExactlyInAnyOrder(
            "usher-overview", "usher-ingress", "usher-delivery", "usher-runtime");
    assertThat(dashboards()).allSatisfy(d -> assertThat(d.file()).hasFileName(d.uid() + ".json"));
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void aDashboardIsImportedWithoutAChange(Dashboard dashboard) {
    assertThat(dashboard.json().getInteger("id")).as("an id would overwrite another's").isNull();
    assertThat(dashboard.json().getInteger("schemaVersion")).isGreaterThanOrEqualTo(39);
    assertThat(dashboard.json().containsKey("__inputs")).isFalse();
    assertThat(dashboard.variables())
        .extracting(variable -> variable.getString("name"))
        .containsExactly("datasource", "job", "instance");
    assertThat(dashboard.panels())
        .extracting(panel -> panel.json().getInteger("id"))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("panels")
  void aPanelSaysWhatItShowsInWhichUnitAndFromWhereOnItIsBad(Panel panel) {
    assertThat(panel.title()).isNotBlank();
    assertThat(panel.json().getString("description")).hasSizeGreaterThan(20).endsWith(".");
    assertThat(panel.defaults().getString("unit")).isNotBlank();
    JsonArray steps = panel.defaults().getJsonObject("thresholds").getJsonArray("steps");
    assertThat(steps).isNotEmpty();
    assertThat(steps.getJsonObject(0).getValue("value")).as("the first step has no bound").isNull();
  }

  @ParameterizedTest
  @MethodSource("panels")
  void aBoundFromWhichAValueIsBadIsSeen(Panel panel) {
    if (panel.json().getString("type").equals("timeseries")
        && panel.defaults().getJsonObject("thresholds").getJsonArray("steps").size() > 1) {
      assertThat(
              panel
                  .defaults()
                  .getJsonObject("custom")
                  .getJsonObject("thresholdsStyle")
                  .getString("mode"))
          .as("Grafana draws no bound of a time series by itself")
          .isEqualTo("dashed");
    }
  }

  @ParameterizedTest
  @MethodSource("panels")
  void aPanelAsksTheDataSourceThatTheReaderChose(Panel panel) {
    assertThat(panel.queries()).isNotEmpty().doesNotHaveDuplicates();
    for (JsonObject target : Dashboards.objects(panel.json().getJsonArray("targets"))) {
      assertThat(target.getJsonObject("datasource").getString("uid")).isEqualTo("${datasource}");
      assertThat(target.getString("expr"))
          .as("shows the chosen job only")
          .containsAnyOf("job=~\"$job\"", "ALERTS{");
    }
  }

  @Test
  void panelsDoNotOverlap() {
    for (Dashboard dashboard : dashboards()) {
      List<String> taken = new ArrayList<>();
      for (JsonObject panel : Dashboards.objects(dashboard.json().getJsonArray("panels"))) {
        JsonObject at = panel.getJsonObject("gridPos");
        assertThat(at.getInteger("x") + at.getInteger("w")).isLessThanOrEqualTo(24);
        for (int x = at.getInteger("x"); x < at.getInteger("x") + at.getInteger("w"); x++) {
          for (int y = at.getInteger("y"); y < at.getInteger("y") + at.getInteger("h"); y++) {
            taken.add(x + "," + y);
          }
        }
      }
      assertThat(taken).as(dashboard.uid()).doesNotHaveDuplicates();
    }
  }

  @Test
  void everyLinkLeadsToADashboardThatIsThere() {
    for (Dashboard dashboard : dashboards()) {
      Matcher links = LINK.matcher(dashboard.json().encode());
      List<String> targets = new ArrayList<>();
      while (links.find()) {
        Matcher target = TO_A_DASHBOARD.matcher(links.group(1));
        assertThat(target.matches()).as(links.group(1)).isTrue();
        targets.add(target.group(1));
      }
      assertThat(targets).isNotEmpty().isSubsetOf(uids());
    }
  }

  /** From what is wrong to where its cause is seen. Firing alerts lead out of Grafana. */
  @Test
  void everyPanelOfTheOverviewAndThoseThatShowAFaultBelowItLeadFurtherDown() {
    Set<String> faults =
        Set.of(
            "Turned away",
            "Commit time",
            "Waiting for a commit",
            "Look-ups in Redis",
            "Judged against the service level",
            "Due",
            "Oldest due",
            "Late endpoints");
    List<Panel> leading =
        panels().stream()
            .filter(
                panel ->
                    panel.dashboard().equals("usher-overview")
                        ? !panel.title().equals("Alerts firing")
                        : !panel.dashboard().equals("usher-runtime")
                            && faults.contains(panel.title()))
            .toList();
    assertThat(leading).extracting(Panel::title).containsAll(faults);
    assertThat(leading)
        .allSatisfy(
            panel ->
                assertThat(panel.json().getJsonArray("links"))
                    .as(panel.toString())
                    .isNotNull()
                    .isNotEmpty());
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void startsAndDeploymentsAreMarked(Dashboard dashboard) {
    assertThat(
            Dashboards.objects(dashboard.json().getJsonObject("annotations").getJsonArray("list")))
        .filteredOn(mark -> mark.containsKey("expr"))
        .allSatisfy(mark -> assertThat(mark.getBoolean("enable")).isTrue())
        .extracting(mark -> mark.getString("name"))
        .containsExactly("Starts", "Deployments");
  }

  @Test
  void fromTheOverviewOneGetsDownToEachOtherDashboard() {
    Dashboard overview =
        dashboards().stream().filter(d -> d.uid().equals("usher-overview")).findFirst().get();
    String panels = overview.json().getJsonArray("panels").encode();
    assertThat(panels).contains("/d/usher-ingress?", "/d/usher-delivery?", "/d/usher-runtime?");
  }
}
