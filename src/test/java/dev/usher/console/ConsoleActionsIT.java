package dev.usher.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.usher.console.ConsoleBrowser.exactly;
import static dev.usher.console.ConsoleBrowser.follow;
import static dev.usher.console.ConsoleBrowser.press;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.usher.event.EndpointId;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Sql;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each action of each page. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleActionsIT {
  private final ConsoleBrowser browser;
  private final TestGateway gateway;
  private final TestStores stores;

  ConsoleActionsIT(TestStores stores) {
    this.stores = stores;
    this.browser = ConsoleBrowser.start(stores);
    this.gateway = browser.gateway();
  }

  @AfterAll
  void stop() {
    browser.close();
  }

  @Test
  void anEndpointIsChangedPausedActivatedRotatedRecoveredAndDeleted() {
    TestSource tenant = gateway.newSource();
    String id =
        gateway
            .newEndpoint(
                tenant,
                "http://127.0.0.1:9/hook",
                new JsonObject()
                    .put("headers", new JsonObject().put("X-Api-Key", "k").put("X-Shop", "7")))
            .getString("id");
    Page page = browser.signedIn(tenant.apiKey());
    page.navigate(browser.address("/endpoints/" + id));
    follow(page, "Edit");
    page.getByLabel("Name").fill("Renamed");
    page.getByLabel("All events").uncheck();
    page.locator("input[name=events][value='invoice.refund']").check();
    page.locator("#f-events-more").fill("seat.*");
    page.getByLabel("Headers").fill("X-Api-Key: (hidden)\nX-Other: 8");
    page.getByLabel("Rate limit").fill("7");
    page.getByLabel("Time-out").fill("5s");
    page.getByLabel("Retries after").fill("1s, 2s");
    page.getByLabel("Ordered").check();
    press(page, "Save");
    assertThat(page.locator(".notice")).containsText("was changed");
    JsonObject changed = gateway.get("/v1/endpoints/" + id, tenant.apiKey());
    assertThat(changed.getString("name")).isEqualTo("Renamed");
    assertThat(changed.getJsonArray("events").encode())
        .isEqualTo("[\"invoice.refund\",\"seat.*\"]");
    assertThat(changed.getJsonObject("headers").fieldNames())
        .containsExactlyInAnyOrder("X-Api-Key", "X-Other");
    assertThat(changed.getInteger("rate_limit")).isEqualTo(7);
    assertThat(changed.getString("timeout")).isEqualTo("5s");
    assertThat(changed.getBoolean("ordered")).isTrue();

    press(page, "Pause");
    assertThat(page.locator("h1")).containsText("paused");
    press(page, "Activate");
    assertThat(page.locator("h1")).containsText("active");
    press(page, "Show secret");
    String before = page.locator("#the-secret").textContent();
    page.getByText("Regenerate…").click();
    press(page, "Regenerate secret");
    press(page, "Show secret");
    assertThat(page.locator("#the-secret")).not().hasText(before);
    assertThat(page.locator("#secret-shown")).containsText("An earlier one counts until");
    press(page, "Send test");
    assertThat(page.locator("#trial")).containsText("connect_error");
    page.getByLabel("Failed since").fill("2026-01-01T00:00");
    press(page, "Recover");
    assertThat(page.locator(".notice")).containsText("Recovery has begun");

    page.getByText("Delete this endpoint…").click();
    press(page, "Delete Renamed");
    assertThat(page.getByText("No endpoint yet")).isVisible();
    browser.assertWellBehaved();
  }

  @Test
  void theStatusIsSetInTheFormToo() {
    TestSource tenant = gateway.newSource();
    Page page = browser.signedIn(tenant.apiKey());
    page.navigate(browser.address("/endpoints/new"));
    page.getByLabel("Name").fill("Later");
    page.getByLabel("URL").fill("http://127.0.0.1:9/");
    page.getByLabel("All events").check();
    page.getByLabel("Status").selectOption("paused");
    press(page, "Create endpoint");
    assertThat(page.locator("h1")).containsText("paused");
    assertThat(page.locator(".notice")).containsText("The endpoint is there");
    follow(page, "Edit");
    assertThat(page.getByLabel("Status")).hasValue("paused");
    page.getByLabel("Status").selectOption("active");
    press(page, "Save");
    assertThat(page.locator("h1")).containsText("active");
    browser.assertWellBehaved();
  }

  @Test
  void aRunningRecoveryIsCancelled() {
    TestSource tenant = gateway.newSource();
    JsonObject once = new JsonObject().put("retry_schedule", new JsonArray().add("1s"));
    String id = gateway.newEndpoint(tenant, "http://127.0.0.1:9/", once).getString("id");
    tenant.send(TestSource.newPayload());
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                gateway.get("/v1/dead-letters", tenant.apiKey()).getJsonArray("data").size() == 1);
    gateway.call("POST", "/v1/endpoints/" + id + "/pause", tenant.apiKey(), new JsonObject());
    // So much is due here that the recovery waits.
    Sql.run(
        stores.postgresUri(),
        "INSERT INTO deliveries (organization_id, event_id, endpoint_id, due_at)"
            + " SELECT organization_id, gen_random_uuid(), id, now()"
            + " FROM endpoints, generate_series(1, 1500) WHERE id = ?",
        Objects.requireNonNull(EndpointId.parse(id)).value());
    Page page = browser.signedIn(tenant.apiKey());
    page.navigate(browser.address("/endpoints/" + id));
    page.getByLabel("Failed since").fill("2026-01-01T00:00");
    press(page, "Recover");
    assertThat(page.locator(".notice")).containsText("Recovery has begun");
    press(page, "Cancel");
    assertThat(page.locator(".notice")).containsText("The recovery was cancelled");
    assertThat(page.getByText("cancelled").last()).isVisible();
    assertThat(page.getByRole(AriaRole.BUTTON, exactly("Cancel"))).hasCount(0);
    browser.assertWellBehaved();
  }

  @Test
  void secretsKeysAndPayloadsAreCopiedWithOneClick() {
    TestSource tenant = gateway.newSource();
    String id = gateway.newEndpoint(tenant, "http://127.0.0.1:9/").getString("id");
    JsonObject payload = TestSource.newPayload().put("note", "a  \u00fc <b>");
    String event = new JsonObject(tenant.send(payload).body()).getString("id");
    Page page = browser.signedIn(tenant.apiKey());
    page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
    page.navigate(browser.address("/endpoints/" + id));
    press(page, "Show secret");
    String secret = page.locator("#the-secret").textContent();
    page.locator("button[data-copy='the-secret']").click();
    assertThat(page.locator("button[data-copy='the-secret']")).hasText("Copied");
    assertThat(page.evaluate("() => navigator.clipboard.readText()")).isEqualTo(secret);
    page.navigate(browser.address("/events/" + event));
    page.locator("button[data-copy='raw']").click();
    assertThat(page.locator("button[data-copy='raw']")).hasText("Copied");
    assertThat(page.evaluate("() => navigator.clipboard.readText()")).isEqualTo(payload.encode());
    browser.assertWellBehaved();
  }

  @Test
  void anAnswerThatIsUnfoldedStaysSoWhileItsDeliveryIsWatched() {
    try (TestReceiver receiver = new TestReceiver()) {
      receiver.answers(request -> request.response().setStatusCode(503).end("till is closed"));
      TestSource tenant = gateway.newSource();
      JsonObject patient = new JsonObject().put("retry_schedule", new JsonArray().add("1h"));
      gateway.newEndpoint(tenant, receiver.url(), patient);
      String event = new JsonObject(tenant.send(TestSource.newPayload()).body()).getString("id");
      receiver.awaitReceived(1);
      Page page = browser.signedIn(tenant.apiKey());
      page.navigate(browser.address("/events/" + event));
      page.locator(".timeline summary").click();
      Runnable nothing = () -> {};
      for (int look = 0; look < 2; look++) {
        page.waitForResponse(answer -> answer.url().endsWith("/deliveries"), nothing);
      }
      assertThat(page.getByText("till is closed")).isVisible();
      press(page, "Resend to e");
      receiver.awaitReceived(2);
      browser.assertWellBehaved();
    }
  }

  @Test
  void aPayloadTooLongToShowSaysSoAndIsNotCopiedInPart() {
    TestSource tenant = gateway.newSource();
    JsonObject payload = TestSource.newPayload().put("note", "x".repeat(300_000));
    String event = new JsonObject(tenant.send(payload).body()).getString("id");
    Page page = browser.signedIn(tenant.apiKey());
    page.navigate(browser.address("/events/" + event));
    assertThat(page.getByText("Only its beginning is shown.")).isVisible();
    assertThat(page.locator("button[data-copy='raw']")).hasCount(0);
    assertThat(page.request().get(browser.address("/events/" + event + "/payload")).text())
        .isEqualTo(payload.encode());
  }

  @Test
  void whatWentWrongIsShownAndNotOnlySpoken() {
    TestSource tenant = gateway.newSource();
    String id = gateway.newEndpoint(tenant, "http://127.0.0.1:9/").getString("id");
    Page page = browser.signedIn(tenant.apiKey());
    page.navigate(browser.address("/endpoints/" + id));
    page.route("**/secret", route -> route.abort());
    press(page, "Show secret");
    assertThat(page.locator("#said.toast")).containsText("does not answer");
    page.unroute("**/secret");
    press(page, "Show secret");
    assertThat(page.locator("#the-secret")).isVisible();
    assertThat(page.locator("#said.toast")).hasCount(0);
    browser.assertNothingBut("console: htmx:afterRequest", "console: htmx:sendError");
  }

  @Test
  void aChosenEndpointStaysChosenWhereItIsNotInTheList() {
    TestSource tenant = gateway.newSource();
    String gone = gateway.newEndpoint(tenant, "http://127.0.0.1:9/").getString("id");
    gateway.call("DELETE", "/v1/endpoints/" + gone, tenant.apiKey(), new JsonObject());
    Page page = browser.signedIn(tenant.apiKey());
    page.navigate(browser.address("/logs?endpoint=" + gone));
    assertThat(page.getByLabel("Endpoint")).hasValue(gone);
  }

  @Test
  void whatIsWrongWithAFormStandsAtItsFieldsAndNothingIsLost() {
    TestSource tenant = gateway.newSource();
    Page page = browser.signedIn(tenant.apiKey());
    page.navigate(browser.address("/endpoints/new"));
    page.getByLabel("Name").fill("Kept");
    page.getByLabel("URL").fill("http://10.0.0.1/");
    page.locator("#f-events-more").fill("a b*c");
    press(page, "Create endpoint");
    assertThat(page.locator(".problem")).containsText("The request is not valid");
    assertThat(page.locator("#h-url")).containsText("Expected");
    assertThat(page.locator("#h-events")).containsText("Expected");
    assertThat(page.getByLabel("Name")).hasValue("Kept");
    assertThat(page.getByLabel("URL")).hasAttribute("aria-invalid", "true");
    browser.assertWellBehaved();
  }

  @Test
  void aSourceIsMadeChangedRotatedAndDeletedAndShowsWhatItRefused() {
    TestSource tenant = gateway.newSource();
    Page page = browser.signedIn(tenant.apiKey());
    page.navigate(browser.address("/sources/" + tenant.path().substring("/in/".length())));
    String forged = TestSource.newPayload().encode();
    assertThat(
            TestGateway.send(
                    HttpRequest.newBuilder(gateway.ingress(tenant.path()))
                        .header("content-type", "application/json")
                        .header("X-SHOWPASS-SIGNATURE", "0".repeat(40))
                        .POST(HttpRequest.BodyPublishers.ofString(forged))
                        .build())
                .statusCode())
        .isEqualTo(401);
    Awaitility.await()
        .untilAsserted(
            () -> {
              page.reload();
              assertThat(page.locator("main").textContent()).contains("401 unauthenticated");
            });
    follow(page, "Edit");
    page.getByLabel("Name").fill("Door two");
    page.getByLabel("Allowed networks").fill("127.0.0.0/8");
    press(page, "Save");
    assertThat(page.locator("h1")).containsText("Door two");
    assertThat(page.locator(".pairs")).containsText("127.0.0.0/8");
    page.getByText("Rotate…").click();
    press(page, "Rotate secret");
    press(page, "Show secret and curl line");
    assertThat(page.locator("#the-secret")).not().hasText(tenant.secret());
    page.getByText("Delete this source…").click();
    press(page, "Delete Door two");
    assertThat(page.getByText("No source yet")).isVisible();
    browser.assertWellBehaved();
  }

  @Test
  void keysAndEventTypesAreMadeAndDeleted() {
    TestSource tenant = gateway.newSource();
    Page page = browser.signedIn(tenant.apiKey());
    follow(page, "Keys");
    page.getByLabel("Name").fill("Box office");
    page.getByLabel("Role").selectOption("viewer");
    press(page, "Create key");
    String key = page.locator("#made").textContent();
    page.locator("tr", new Page.LocatorOptions().setHasText("Box office"))
        .getByText("Delete…")
        .click();
    press(page, "Delete Box office");
    assertThat(page.locator(".notice")).containsText("opens nothing");
    assertThat(page.locator("tbody tr")).hasCount(1);
    assertThat(gateway.call("GET", "/v1/sources", key, new JsonObject()).statusCode())
        .isEqualTo(401);

    follow(page, "Event types");
    assertThat(page.locator("tbody tr")).hasCount(6);
    follow(page, "New event type");
    page.getByLabel("Name").fill("orders/paid");
    page.getByLabel("JSON Schema").fill("{\"type\": \"object\", \"required\": [");
    press(page, "Create event type");
    assertThat(page.locator("#h-schema")).containsText("Expected");
    page.getByLabel("JSON Schema").fill("{\"type\": \"object\", \"required\": [\"n\"]}");
    press(page, "Create event type");
    follow(page, "orders/paid");
    page.getByLabel("Description").fill("Money came in.");
    press(page, "Save");
    assertThat(page.locator("table")).containsText("Money came in.");
    follow(page, "orders/paid");
    page.getByText("Delete this event type…").click();
    press(page, "Delete orders/paid");
    assertThat(page.locator("tbody tr")).hasCount(6);
    browser.assertWellBehaved();
  }

  @Test
  void aFilterIsSetAndTheAuditSaysWhoDidIt() {
    TestSource tenant = gateway.newSource();
    String id = gateway.newEndpoint(tenant, "http://127.0.0.1:9/").getString("id");
    Page page = browser.signedIn(tenant.apiKey());
    page.navigate(browser.address("/endpoints/" + id));
    follow(page, "Edit");
    page.getByLabel("Filter").fill("{\"pointer\": \"/data/currency\", \"within\": [\"CAD\"]}");
    press(page, "Save");
    assertThat(page.locator("#h-filter")).containsText("one of equals, in");
    page.getByLabel("Filter").fill("{\"pointer\": \"/data/currency\", \"in\": [\"CAD\"]}");
    press(page, "Save");

    follow(page, "Audit");
    Locator change = page.locator("tbody tr").first();
    assertThat(change).containsText("endpoint.updated");
    assertThat(change).containsText(id);
    change.locator("summary").click();
    assertThat(change.locator("dl")).containsText("/data/currency");
    page.getByLabel("Action").fill("endpoint.created");
    press(page, "Filter");
    assertThat(page.locator("tbody tr")).hasCount(1);
    page.getByLabel("Action").fill("endpoint.deleted");
    press(page, "Filter");
    assertThat(page.locator(".empty")).containsText("Nothing found here");
    browser.assertWellBehaved();
  }

  @Test
  void eventsAreFilteredAndPagedByCursor() {
    TestSource tenant = gateway.newSource();
    for (int i = 0; i < 60; i++) {
      tenant.send(
          TestSource.newPayload().put("event_type", i == 0 ? "rare.type" : "invoice.purchase"));
    }
    Page page = browser.signedIn(tenant.apiKey());
    follow(page, "Events");
    assertThat(page.locator("#events tr")).hasCount(50);
    follow(page, "Older");
    assertThat(page.locator("#events tr")).hasCount(10);
    assertThat(page.locator("#events")).containsText("rare.type");
    follow(page, "Newest");
    page.getByLabel("Type").fill("rare.type");
    press(page, "Filter");
    assertThat(page.locator("#events tr")).hasCount(1);
    page.getByLabel("From").fill("2099-01-01T00:00");
    press(page, "Filter");
    assertThat(page.getByText("Nothing found here")).isVisible();
    assertThat(page.getByLabel("From")).hasValue("2099-01-01T00:00");
    follow(page, "Clear");
    page.getByLabel("Status").selectOption("none");
    press(page, "Filter");
    assertThat(page.locator("#events tr")).hasCount(50);
    browser.assertWellBehaved();
  }

  @Test
  void timesAreInTheReadersZoneWithUtcOnHover() {
    try (TestReceiver receiver = new TestReceiver()) {
      TestSource tenant = gateway.newSource();
      gateway.newEndpoint(tenant, receiver.url());
      tenant.send(TestSource.newPayload());
      Page page = browser.signedIn(tenant.apiKey());
      follow(page, "Events");
      String title = page.locator("#events time").first().getAttribute("title");
      String text = page.locator("#events time").first().textContent();
      assertThat(title).endsWith(" UTC");
      // Six hours behind all year.
      int utc = Integer.parseInt(title.substring(11, 13));
      int here = (utc + 18) % 24;
      String minute = title.substring(13, 16);
      assertThat(text).contains("%02d%s".formatted(here % 12 == 0 ? 12 : here % 12, minute));
    }
  }
}
