package dev.usher.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.usher.console.ConsoleBrowser.exactly;
import static dev.usher.console.ConsoleBrowser.follow;
import static dev.usher.console.ConsoleBrowser.named;
import static dev.usher.console.ConsoleBrowser.press;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.options.AriaRole;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** From an empty organization to an event that is seen as it comes, sent again, and in the logs. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleIT {
  private final ConsoleBrowser browser;
  private final TestGateway gateway;

  ConsoleIT(TestStores stores) {
    this.browser = ConsoleBrowser.start(stores);
    this.gateway = browser.gateway();
  }

  @AfterAll
  void stop() {
    browser.close();
  }

  @Test
  void fromNothingToAnEventSeenLiveResentAndFoundInTheLogs(@TempDir Path directory)
      throws Exception {
    try (TestReceiver receiver = new TestReceiver()) {
      Page page = browser.signedIn(TestGateway.ADMIN_KEY);
      createOrganization(page);
      assertThat(page.getByText("Three steps to the first event")).isVisible();
      createSource(page);
      String curl = page.locator("#the-curl").textContent();
      TestSource source =
          new TestSource(
              gateway,
              "",
              "",
              page.locator("#the-address").textContent().replaceFirst("^http://[^/]+", ""),
              page.locator("#the-secret").textContent());
      createEndpoint(page, receiver);

      seeAnEventComeIn(page, source);
      sendAgain(page, receiver);
      findInTheLogs(page);
      theCurlLineSendsAnEvent(page, curl, directory);
      browser.assertWellBehaved();
    }
  }

  private static void createOrganization(Page page) {
    page.getByLabel("Name").fill("Grand Theatre");
    press(page, "Create organization");
    assertThat(page.locator("#made")).hasText(Pattern.compile("usher_.{60,}"));
    page.getByRole(AriaRole.BUTTON, exactly("Work in Grand Theatre")).first().click();
  }

  private static void createSource(Page page) {
    follow(page, "Create a source");
    page.getByLabel("Name").fill("Box office");
    page.locator("input[name=scheme][value=showpass]").check();
    press(page, "Create source");
    assertThat(page.locator(".notice")).containsText("The source is there");
    assertThat(page.getByText("None was refused.")).isVisible();
    press(page, "Show secret and curl line");
    assertThat(page.locator("#the-curl")).containsText("X-SHOWPASS-SIGNATURE");
  }

  private static void createEndpoint(Page page, TestReceiver receiver) {
    follow(page, "Events");
    assertThat(page.getByText("No event yet")).isVisible();
    follow(page, "Logs");
    assertThat(page.getByText("No attempt yet")).isVisible();
    follow(page, "Endpoints");
    assertThat(page.getByText("No endpoint yet")).isVisible();
    follow(page, "New endpoint");
    page.getByLabel("Name").fill("Till");
    page.getByLabel("URL").fill(receiver.url());
    page.getByLabel("All events").check();
    press(page, "Create endpoint");
    assertThat(page.locator("h1")).containsText("Till");
    press(page, "Show secret");
    assertThat(page.locator("#the-secret")).containsText("whsec_");
    press(page, "Send test");
    assertThat(page.locator("#trial")).containsText("HTTP 200");
  }

  private static void seeAnEventComeIn(Page page, TestSource source) {
    follow(page, "Events");
    press(page, "Follow live");
    assertThat(page.locator("#live-state")).containsText("Following live");
    assertThat(source.send(TestSource.newPayload()).statusCode()).isEqualTo(202);
    assertThat(page.locator("#events tr").first()).containsText("invoice.purchase");
    assertThat(page.locator("#events tr").first()).containsText("succeeded");
    assertThat(page.locator("#live-state")).containsText("1 new");
    page.locator("#events tr a").first().click();
  }

  private static void sendAgain(Page page, TestReceiver receiver) {
    assertThat(page.locator(".timeline li")).hasCount(1);
    assertThat(page.locator(".timeline")).containsText("HTTP 200");
    assertThat(page.getByLabel("Payload, laid out")).containsText("\"event_type\": ");
    press(page, "Resend to Till");
    assertThat(page.locator(".notice")).containsText("deliveries that became due: 1");
    // webhook.test, the event, and the event again
    assertThat(receiver.awaitReceived(3).get(2).webhookId())
        .isEqualTo(receiver.received().get(1).webhookId());
    assertThat(page.locator(".timeline li")).hasCount(2);
    press(page, "Resend to all");
    receiver.awaitReceived(4);
  }

  private static void findInTheLogs(Page page) {
    follow(page, "Logs");
    assertThat(page.locator("tbody tr").first()).containsText("200");
    assertThat(page.locator("tbody tr").first()).containsText("invoice.purchase");
    follow(page, "Failed");
    assertThat(page.getByText("Nothing found here")).isVisible();
    follow(page, "Succeeded");
    page.locator("tbody tr a").first().click();
    assertThat(page.locator("h1")).containsText("invoice.purchase");
  }

  private static void theCurlLineSendsAnEvent(Page page, String curl, Path directory)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", "-c", curl)
            .directory(directory.toFile())
            .redirectErrorStream(false)
            .start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(new JsonObject(answer).getString("status")).isEqualTo("accepted");
    follow(page, "Events");
    assertThat(page.locator("#events")).containsText(new JsonObject(answer).getString("id"));
  }

  @Test
  void theOverviewShowsWhatWasCountedAndWhatNeedsAttention() {
    try (TestReceiver receiver = new TestReceiver()) {
      receiver.answers(410);
      TestSource source = gateway.newSource();
      gateway.newEndpoint(source, receiver.url());
      assertThat(source.send(TestSource.newPayload()).statusCode()).isEqualTo(202);
      receiver.awaitReceived(1);
      Page page = browser.signedIn(source.apiKey());
      assertThat(page.locator(".chart canvas")).hasCount(4);
      // With the event that tells of it. Counted every ten seconds, and asked for as often.
      page.setDefaultTimeout(45_000);
      assertThat(page.locator(".tiles").first())
          .containsText("2 accepted", new ContainsTextOptions().setTimeout(45_000));
      assertThat(page.locator(".attention")).containsText("disabled");
      follow(page, "24 hours");
      assertThat(page.locator(".tiles").first()).containsText("2 accepted");
      follow(page, "15 days");
      assertThat(page.locator(".chart canvas")).hasCount(4);
      assertThat(page.getByRole(AriaRole.LINK, named("15 days")))
          .hasAttribute("aria-current", "true");
      browser.assertWellBehaved();
    }
  }

  @Test
  void aFailureOfAnEndpointThatIsNotOnTheFirstPageNeedsAttentionToo() {
    try (TestReceiver receiver = new TestReceiver()) {
      receiver.answers(410);
      TestSource source = gateway.newSource();
      gateway.newEndpoint(source, receiver.url(), new JsonObject().put("name", "The oldest"));
      assertThat(source.send(TestSource.newPayload()).statusCode()).isEqualTo(202);
      receiver.awaitReceived(1);
      for (int i = 0; i < 255; i++) {
        JsonObject paused =
            new JsonObject().put("events", new JsonArray().add("none.such")).put("name", "e" + i);
        gateway.newEndpoint(source, "http://127.0.0.1:9/" + i, paused);
      }
      Page page = browser.signedIn(source.apiKey());
      page.setDefaultTimeout(45_000);
      assertThat(page.locator(".attention"))
          .containsText("The oldest", new ContainsTextOptions().setTimeout(45_000));
    }
  }
}
