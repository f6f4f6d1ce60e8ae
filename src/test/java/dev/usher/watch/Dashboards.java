package dev.usher.watch;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files under {@code grafana/dashboards}. */
final class Dashboards {
  static final Path DIRECTORY = Path.of("grafana", "dashboards");

  private Dashboards() {}

  /**
   * @param json as Grafana imports it
   */
  record Dashboard(Path file, JsonObject json) {
    String uid() {
      return json.getString("uid");
    }

    /** All panels but the rows that divide them. */
    List<Panel> panels() {
      return objects(json.getJsonArray("panels")).stream()
          .filter(panel -> !panel.getString("type").equals("row"))
          .map(panel -> new Panel(uid(), panel))
          .toList();
    }

    List<JsonObject> variables() {
      return objects(json.getJsonObject("templating").getJsonArray("list"));
    }

    /** Queries of the marks that are drawn over all panels. */
    List<String> annotations() {
      return objects(json.getJsonObject("annotations").getJsonArray("list")).stream()
          .filter(annotation -> annotation.containsKey("expr"))
          .map(annotation -> annotation.getString("expr"))
          .toList();
    }
  }

  /** One panel of a dashboard. */
  record Panel(String dashboard, JsonObject json) {
    String title() {
      return json.getString("title");
    }

    JsonObject defaults() {
      return json.getJsonObject("fieldConfig").getJsonObject("defaults");
    }

    List<String> queries() {
      return objects(json.getJsonArray("targets")).stream()
          .map(target -> target.getString("expr"))
          .toList();
    }

    @Override
    public String toString() {
      return dashboard + " / " + title();
    }
  }

  static List<Dashboard> all() {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      List<Dashboard> dashboards = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        dashboards.add(new Dashboard(file, new JsonObject(Files.readString(file))));
      }
      return dashboards;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<JsonObject> objects(JsonArray array) {
    return array == null ? List.of() : array.stream().map(JsonObject.class::cast).toList();
  }
}
