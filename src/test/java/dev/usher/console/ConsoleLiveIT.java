package dev.usher.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.usher.console.ConsoleBrowser.follow;
import static dev.usher.console.ConsoleBrowser.press;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route.FulfillOptions;
import dev.usher.testing.CapturedLog;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a page that follows events must live through, and what must not pile up in it. */
@ExtendWith(EmbeddedStoresExtension.class)
class ConsoleLiveIT {
  private static final int BATCH = 200;

  private static Page following(ConsoleBrowser browser, TestSource tenant) {
    Page page = browser.signedIn(tenant.apiKey());
    follow(page, "Events");
    press(page, "Follow live");
    assertThat(page.locator("#live-state")).containsText("Following live");
    return page;
  }

  private static String send(TestSource tenant) {
    return new JsonObject(tenant.send(TestSource.newPayload()).body()).getString("id");
  }

  @Test
  void whatComesBetweenThePageAndFollowingIsShown(TestStores stores) {
    try (ConsoleBrowser browser = ConsoleBrowser.start(stores)) {
      TestGateway gateway = browser.gateway();
      TestSource tenant = gateway.newSource();
      String first = send(tenant);
      Page page = browser.signedIn(tenant.apiKey());
      follow(page, "Events");
      assertThat(page.locator("#events tr")).hasCount(1);
      String second = send(tenant);
      press(page, "Follow live");
      assertThat(page.locator("#events tr")).hasCount(2);
      assertThat(page.locator("#live-state")).containsText("1 new");
      assertThat(page.locator("#events tr").first()).hasId(second);
      assertThat(page.locator("#events tr").last()).hasId(first);
      browser.assertWellBehaved();
    }
  }

  @Test
  void aPageThatNobodySeesLetsGoOfItsStreamAndMissesNothing(TestStores stores) {
    try (ConsoleBrowser browser = ConsoleBrowser.start(stores)) {
      TestGateway gateway = browser.gateway();
      TestSource tenant = gateway.newSource();
      Page page = following(browser, tenant);
      AtomicInteger broken = new AtomicInteger();
      page.onRequestFailed(request -> broken.addAndGet(isStream(request) ? 1 : 0));
      show(page, false);
      page.waitForCondition(() -> broken.get() == 1);
      String missed = send(tenant);
      show(page, true);
      assertThat(page.locator("#events tr").first()).hasId(missed);
      browser.assertWellBehaved();
    }
  }

  private static boolean isStream(Request request) {
    return request.url().contains("/events/live");
  }

  private static void show(Page page, boolean visible) {
    page.evaluate(
        """
        visible => {
          Object.defineProperty(document, 'hidden', { value: !visible, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }
        """,
        visible);
  }

  @Test
  void aStreamThatIsRefusedForNowIsAskedForAgain(TestStores stores) {
    try (ConsoleBrowser browser = ConsoleBrowser.start(stores)) {
      TestGateway gateway = browser.gateway();
      TestSource tenant = gateway.newSource();
      Page page = browser.signedIn(tenant.apiKey());
      follow(page, "Events");
      page.route("**/events/live*", route -> route.fulfill(new FulfillOptions().setStatus(503)));
      press(page, "Follow live");
      assertThat(page.locator("#live-state")).containsText("Connecting again");
      page.unroute("**/events/live*");
      assertThat(page.locator("#live-state")).containsText("Following live");
      browser.assertWellBehaved();
    }
  }

  @Test
  void aNodeStopsAtOnceWhileItIsFollowedAndThePageGoesOnWithTheNext(TestStores stores) {
    try (TestGateway other = TestGateway.start(stores);
        CapturedLog log = new CapturedLog()) {
      TestGateway gateway = TestGateway.start(stores);
      URI address = gateway.control("/");
      try (ConsoleBrowser browser = ConsoleBrowser.start(gateway)) {
        TestSource tenant = other.newSource();
        Page page = following(browser, tenant);
        gateway.close();
        assertThat(log.lines())
            .noneMatch(line -> line.contains("did not end within") && line.contains("Stopping"));
        assertThat(page.locator("#live-state")).containsText("Connecting again");
        String meanwhile = send(tenant);
        Map<String, String> there =
            Map.of("USHER_CONTROL_PORT", Integer.toString(address.getPort()));
        try (TestGateway next = TestGateway.start(stores, there)) {
          assertThat(page.locator("#live-state")).containsText("Following live");
          assertThat(page.locator("#events tr").first()).hasId(meanwhile);
          assertThat(next.control("/")).isEqualTo(address);
        }
      }
    }
  }

  @Test
  void thousandsOfEventsLeaveNeitherRowsNorListenersBehind(TestStores stores) {
    try (ConsoleBrowser browser = ConsoleBrowser.start(stores)) {
      TestGateway gateway = browser.gateway();
      TestSource tenant = gateway.newSource();
      Page page = following(browser, tenant);
      CDPSession inspector = page.context().newCDPSession(page);
      publishAndSee(gateway, tenant, page, 4);
      Map<String, Integer> before = counters(inspector);
      publishAndSee(gateway, tenant, page, 20);
      Map<String, Integer> after = counters(inspector);
      assertThat(page.locator("#events tr")).hasCount(100);
      assertThat(after)
          .allSatisfy(
              (counter, count) ->
                  assertThat(count)
                      .as(counter)
                      .isLessThan(before.getOrDefault(counter, 0) * 11 / 10 + 50));
      browser.assertWellBehaved();
    }
  }

  /** What the page holds in the browser, once the garbage is collected. */
  private static Map<String, Integer> counters(CDPSession inspector) {
    inspector.send("HeapProfiler.collectGarbage");
    JsonObject counted = new JsonObject(inspector.send("Memory.getDOMCounters").toString());
    Map<String, Integer> counters = new TreeMap<>();
    counted.fieldNames().forEach(name -> counters.put(name, counted.getInteger(name)));
    return counters;
  }

  private static void publishAndSee(
      TestGateway gateway, TestSource tenant, Page page, int batches) {
    for (int batch = 0; batch < batches; batch++) {
      JsonArray events = new JsonArray();
      for (int i = 0; i < BATCH; i++) {
        events.add(new JsonObject().put("type", "seat.taken").put("data", new JsonObject()));
      }
      JsonObject answer =
          new JsonObject(
              gateway
                  .call(
                      "POST",
                      "/v1/events/batch",
                      tenant.apiKey(),
                      new JsonObject().put("events", events))
                  .body());
      String last = answer.getJsonArray("data").getJsonObject(BATCH - 1).getString("id");
      assertThat(page.locator("#" + last)).hasCount(1);
    }
  }
}
