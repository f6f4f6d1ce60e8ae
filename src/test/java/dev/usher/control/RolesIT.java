package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.control.ControlFixture.Response;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every call with each role. Who may do what stands here once more, so that it changes on purpose.
 */
@ExtendWith(ControlFixture.Extension.class)
class RolesIT {
  private static final Set<Role> READERS = Set.of(Role.ADMIN, Role.MEMBER, Role.VIEWER);
  private static final Set<Role> EDITORS = Set.of(Role.ADMIN, Role.MEMBER);
  private static final Set<Role> PUBLISHERS = Set.of(Role.ADMIN, Role.MEMBER, Role.PUBLISHER);
  private static final Set<Role> ADMINS = Set.of(Role.ADMIN);
  private static final Set<Role> NOBODY = Set.of();

  private static final Map<String, Set<Role>> ALLOWED =
      Map.ofEntries(
          Map.entry("POST /v1/organizations", NOBODY),
          Map.entry("GET /v1/organizations", NOBODY),
          Map.entry("GET /v1/organizations/:id", NOBODY),
          Map.entry("DELETE /v1/organizations/:id", NOBODY),
          Map.entry("POST /v1/keys", ADMINS),
          Map.entry("GET /v1/keys", ADMINS),
          Map.entry("GET /v1/keys/:id", ADMINS),
          Map.entry("DELETE /v1/keys/:id", ADMINS),
          Map.entry("POST /v1/sources", EDITORS),
          Map.entry("GET /v1/sources", READERS),
          Map.entry("GET /v1/sources/:id", READERS),
          Map.entry("PATCH /v1/sources/:id", EDITORS),
          Map.entry("DELETE /v1/sources/:id", EDITORS),
          Map.entry("GET /v1/sources/:id/secret", EDITORS),
          Map.entry("POST /v1/sources/:id/secret/rotate", EDITORS),
          Map.entry("POST /v1/endpoints", EDITORS),
          Map.entry("GET /v1/endpoints", READERS),
          Map.entry("GET /v1/endpoints/:id", READERS),
          Map.entry("PATCH /v1/endpoints/:id", EDITORS),
          Map.entry("DELETE /v1/endpoints/:id", EDITORS),
          Map.entry("POST /v1/endpoints/:id/pause", EDITORS),
          Map.entry("POST /v1/endpoints/:id/activate", EDITORS),
          Map.entry("GET /v1/endpoints/:id/secret", EDITORS),
          Map.entry("POST /v1/endpoints/:id/secret/rotate", EDITORS),
          Map.entry("GET /v1/endpoints/:id/tls", READERS),
          Map.entry("PUT /v1/endpoints/:id/tls", EDITORS),
          Map.entry("DELETE /v1/endpoints/:id/tls", EDITORS),
          Map.entry("POST /v1/endpoints/:id/test", EDITORS),
          Map.entry("POST /v1/endpoints/:id/recover", EDITORS),
          Map.entry("GET /v1/recoveries", READERS),
          Map.entry("GET /v1/recoveries/:id", READERS),
          Map.entry("POST /v1/recoveries/:id/cancel", EDITORS),
          Map.entry("GET /v1/dead-letters", READERS),
          Map.entry("POST /v1/events", PUBLISHERS),
          Map.entry("POST /v1/events/batch", PUBLISHERS),
          Map.entry("GET /v1/events", READERS),
          Map.entry("GET /v1/events/:id", READERS),
          Map.entry("POST /v1/events/:id/resend", EDITORS),
          Map.entry("POST /v1/event-types", EDITORS),
          Map.entry("GET /v1/event-types", READERS),
          Map.entry("GET /v1/event-types/:id", READERS),
          Map.entry("PATCH /v1/event-types/:id", EDITORS),
          Map.entry("DELETE /v1/event-types/:id", EDITORS),
          Map.entry("GET /v1/audit", ADMINS),
          Map.entry("GET /v1/rejections", READERS),
          Map.entry("GET /v1/statistics", READERS),
          Map.entry("GET /v1/statistics/endpoints", READERS),
          Map.entry("GET /v1/attempts", READERS));

  private final ControlFixture control;

  RolesIT(ControlFixture control) {
    this.control = control;
  }

  @Test
  void everyCallDoesForEachRoleWhatItShould() {
    Tenant tenant = control.tenant();
    Map<Role, Tenant> holders = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      String body = "{\"name\": \"r\", \"role\": \"" + role.text() + "\"}";
      String key = tenant.post("/v1/keys", body).text("api_key");
      holders.put(role, new Tenant(control, tenant.id(), key));
    }
    Map<String, Set<String>> wrong = new TreeMap<>();
    for (Route route : control.routes()) {
      String call = route.method() + " " + route.path();
      Set<Role> allowed = ALLOWED.getOrDefault(call, NOBODY);
      for (Role role : Role.values()) {
        Response answer = call(Objects.requireNonNull(holders.get(role)), route);
        if (!fits(answer, route.access() == Access.OPERATE, allowed.contains(role))) {
          wrong
              .computeIfAbsent(call, _ -> new TreeSet<>())
              .add(role.text() + " got " + answer.status());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static Response call(Tenant holder, Route route) {
    String path = route.path().replace(":id", "nothing").replace(":name", "nothing");
    // A body that no call takes: what is allowed changes nothing.
    String body =
        List.of("POST", "PATCH", "PUT").contains(route.method()) ? "{\"nonsense\": 1}" : null;
    return holder.call(route.method(), path, body);
  }

  private static boolean fits(Response answer, boolean operators, boolean allowed) {
    if (operators) {
      return answer.status() == 404 && answer.text("code").equals("not-found");
    }
    return allowed
        ? answer.status() != 401 && answer.status() != 403 && answer.status() < 500
        : answer.status() == 403 && answer.text("code").equals("role-not-allowed");
  }

  @Test
  void everyCallIsListedHere() {
    assertThat(control.routes().stream().map(route -> route.method() + " " + route.path()))
        .containsExactlyInAnyOrderElementsOf(ALLOWED.keySet());
  }

  @Test
  void aRefusalTellsTheRoleAndWhoMay() {
    Tenant tenant = control.tenant();
    String key = tenant.post("/v1/keys", "{\"name\": \"r\", \"role\": \"viewer\"}").text("api_key");
    Response refused = new Tenant(control, tenant.id(), key).post("/v1/sources", "{}");
    assertThat(refused.text("detail")).contains("viewer").contains("admin, member");
  }
}
