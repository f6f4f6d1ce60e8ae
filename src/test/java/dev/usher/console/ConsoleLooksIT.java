package dev.usher.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.options.ColorScheme;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What pages are like for those who look at them: nothing that axe finds inaccessible, nothing
 * wider than the screen. With {@code -Dusher.screenshots=true} also makes the pictures of the docs.
 */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleLooksIT {
  private static final Path IMAGES = Path.of("docs/images");

  private final ConsoleBrowser browser;
  private final TestGateway gateway;
  private final TestReceiver healthy = new TestReceiver();
  private final TestReceiver failing = new TestReceiver();
  private final Map<String, String> pages = new LinkedHashMap<>();
  private final TestSource tenant;

  ConsoleLooksIT(TestStores stores) {
    this.browser = ConsoleBrowser.start(stores);
    this.gateway = browser.gateway();
    this.tenant = theatre();
  }

  private TestSource theatre() {
    JsonObject name = new JsonObject().put("name", "Grand Theatre");
    JsonObject organization =
        new JsonObject(
            gateway.call("POST", "/v1/organizations", TestGateway.ADMIN_KEY, name).body());
    String key = organization.getString("api_key");
    JsonObject wanted = new JsonObject().put("name", "Showpass").put("scheme", "showpass");
    JsonObject source = new JsonObject(gateway.call("POST", "/v1/sources", key, wanted).body());
    return new TestSource(
        gateway,
        organization.getString("id"),
        key,
        source.getString("path"),
        source.getString("secret"));
  }

  @AfterAll
  void stop() {
    browser.close();
    healthy.close();
    failing.close();
  }

  /** An organization in which something goes on. */
  @BeforeAll
  void fill() {
    failing.answers(
        request -> request.response().setStatusCode(503).end("{\"error\": \"till is closed\"}"));
    healthy.answers(request -> request.response().setStatusCode(200).end("{\"ok\": true}"));
    String till = endpoint("Till", healthy, "invoice.*");
    endpoint("Loyalty programme", failing, "invoice.purchase");
    gateway.call(
        "POST",
        "/v1/sources",
        tenant.apiKey(),
        new JsonObject().put("name", "Payments").put("scheme", "stripe"));
    String event = "";
    List<String> types = List.of("invoice.purchase", "invoice.refund", "invoice.transfer");
    for (int i = 0; i < 40; i++) {
      JsonObject payload = TestSource.newPayload().put("event_type", types.get(i % 3));
      event = new JsonObject(tenant.send(payload).body()).getString("id");
    }
    healthy.awaitReceived(40);
    failing.awaitReceived(1);
    JsonArray events =
        gateway.get("/v1/events?type=invoice.purchase", tenant.apiKey()).getJsonArray("data");
    pages.put("overview", "");
    pages.put("endpoints", "/endpoints");
    pages.put("endpoint", "/endpoints/" + till);
    pages.put("endpoint-form", "/endpoints/new");
    pages.put("sources", "/sources");
    pages.put("source", "/sources/" + tenant.path().substring("/in/".length()));
    pages.put("source-form", "/sources/new");
    pages.put("events", "/events");
    pages.put("event", "/events/" + events.getJsonObject(0).getString("id"));
    pages.put("event-refund", "/events/" + event);
    pages.put("logs", "/logs");
    pages.put("event-types", "/event-types");
    pages.put("event-type", "/event-types/invoice.purchase");
    pages.put("keys", "/keys");
    pages.put("audit", "/audit");
    pages.put("nothing-found", "/events?type=nothing");
    pages.put("not-there", "/events/evt_nothing");
  }

  private String endpoint(String name, TestReceiver receiver, String events) {
    JsonObject more =
        new JsonObject()
            .put("name", name)
            .put("events", new JsonArray().add(events))
            .put("retry_schedule", new JsonArray().add("1h"));
    return gateway.newEndpoint(tenant, receiver.url(), more).getString("id");
  }

  @Test
  void axeFindsNothingOnAnyPageInTheLightAndInTheDark() {
    List<String> found = new ArrayList<>();
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      Page page = browser.signedIn(tenant.apiKey(), 1280, 900, scheme);
      pages.forEach((name, path) -> found.addAll(inaccessible(page, name + " " + scheme, path)));
      page.locator("button", new Page.LocatorOptions().setHasText("Sign out")).click();
      found.addAll(inaccessible(page, "sign-in " + scheme, "/sign-in"));
    }
    assertThat(found).isEmpty();
    browser.assertWellBehaved();
  }

  private List<String> inaccessible(Page page, String name, String path) {
    page.navigate(browser.address(path));
    assertThat(page.locator("main")).isVisible();
    return new AxeBuilder(page)
        .setLegacyMode(true).analyze().getViolations().stream()
            .map(
                rule ->
                    "%s: %s: %s"
                        .formatted(
                            name,
                            rule.getHelp(),
                            rule.getNodes().stream()
                                .limit(4)
                                .map(node -> node.getHtml() + " " + node.getFailureSummary())
                                .toList()))
            .toList();
  }

  @Test
  void nothingIsWiderThanThePageFromAPhoneToALargeScreen() {
    List<String> wide = new ArrayList<>();
    for (int width : List.of(360, 768, 1920)) {
      Page page = browser.signedIn(tenant.apiKey(), width, 800, ColorScheme.LIGHT);
      pages.forEach(
          (name, path) -> {
            page.navigate(browser.address(path));
            int content = (int) page.evaluate("() => document.documentElement.scrollWidth");
            if (content > width) {
              wide.add(name + " is " + content + " of " + width);
            }
          });
    }
    assertThat(wide).isEmpty();
  }

  @Test
  void everythingIsReachedWithTheKeyboard() {
    Page page = browser.signedIn(tenant.apiKey());
    page.navigate(browser.address("/endpoints"));
    page.keyboard().press("Tab");
    assertThat(page.locator(".skip")).isFocused();
    page.keyboard().press("Enter");
    assertThat(page.locator("#main")).isFocused();
    page.keyboard().press("Tab");
    page.keyboard().press("Enter");
    assertThat(page.locator("h1")).containsText("New endpoint");
  }

  /** Also a test that pictures can be made: where they are not wanted they go nowhere. */
  @Test
  void thePicturesOfTheDocsAreMadeFromTheRealThing() {
    Page light = browser.signedIn(tenant.apiKey(), 1280, 860, ColorScheme.LIGHT);
    Page dark = browser.signedIn(tenant.apiKey(), 1280, 860, ColorScheme.DARK);
    Page phone = browser.signedIn(tenant.apiKey(), 360, 740, ColorScheme.LIGHT);
    assertThat(light.locator(".tiles").first())
        .containsText("40 accepted", new ContainsTextOptions().setTimeout(45_000));
    light.reload();
    assertThat(light.locator("[data-state=drawn]")).hasCount(1);
    picture(light, "overview");
    for (String name : List.of("endpoints", "events", "event", "logs")) {
      light.navigate(browser.address(pages.getOrDefault(name, "")));
      picture(light, name);
    }
    dark.navigate(browser.address(""));
    assertThat(dark.locator("[data-state=drawn]")).hasCount(1);
    picture(dark, "overview-dark");
    phone.navigate(browser.address("/events"));
    picture(phone, "events-phone");
    Page signIn = browser.stranger();
    signIn.navigate(browser.address("/sign-in"));
    picture(signIn, "sign-in");
  }

  private static void picture(Page page, String name) {
    ScreenshotOptions options = new ScreenshotOptions();
    if (Boolean.getBoolean("usher.screenshots")) {
      options.setPath(IMAGES.resolve("console-" + name + ".png"));
    }
    assertThat(page.screenshot(options)).isNotEmpty();
  }
}
