package dev.usher.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.usher.console.ConsoleBrowser.follow;
import static dev.usher.console.ConsoleBrowser.press;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.RequestOptions;
import com.microsoft.playwright.options.SameSiteAttribute;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Sql;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What strangers, other tenants and other sites cannot do by way of the console. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleSafetyIT {
  private static final String HOSTILE =
      "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}${7*7}</pre></textarea>";

  private final ConsoleBrowser browser;
  private final TestGateway gateway;

  ConsoleSafetyIT(TestStores stores) {
    this.browser = ConsoleBrowser.start(stores);
    this.gateway = browser.gateway();
  }

  @AfterAll
  void stop() {
    browser.close();
  }

  @Test
  void hostileNamesAddressesPayloadsAndAnswersDoNothing() {
    try (TestReceiver receiver = new TestReceiver()) {
      receiver.answers(
          request ->
              request
                  .response()
                  .setStatusCode(500)
                  .putHeader("x", "y")
                  .end(HOSTILE + "<svg/onload=alert(3)>"));
      TestSource tenant =
          gateway.newSource(new JsonObject().put("name", HOSTILE).put("scheme", "showpass"));
      String endpoint =
          gateway
              .newEndpoint(
                  tenant,
                  receiver.url()
                      + "/?q=%22%3E%3Cscript%3Ealert(4)%3C/script%3E&javascript:alert(5)",
                  new JsonObject()
                      .put("name", HOSTILE)
                      .put("headers", new JsonObject().put("X-Note", "<script>alert(6)</script>")))
              .getString("id");
      JsonObject payload =
          TestSource.newPayload()
              .put("event_type", "<script>alert(7)</script>")
              .put("webhook_event_uuid", HOSTILE)
              .put("data", new JsonObject().put(HOSTILE, HOSTILE));
      HttpResponse<String> accepted = tenant.send(payload);
      assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
      String event = new JsonObject(accepted.body()).getString("id");
      receiver.awaitReceived(1);

      Page page = browser.signedIn(tenant.apiKey());
      String source = tenant.path().substring("/in/".length());
      for (String path :
          List.of(
              "",
              "/endpoints",
              "/endpoints/" + endpoint,
              "/endpoints/" + endpoint + "/edit",
              "/sources",
              "/sources/" + source,
              "/sources/" + source + "/edit",
              "/events",
              "/events?type=" + "%22%3E%3Cscript%3Ealert(8)%3C/script%3E",
              "/events/" + event,
              "/events/%3Cscript%3Ealert(9)%3C%2Fscript%3E",
              "/logs",
              "/logs?event=%22%3E%3Cscript%3Ealert(10)%3C/script%3E",
              "/event-types/%3Cimg%20src=x%20onerror=alert(11)%3E",
              "?done=%3Cscript%3Ealert(12)%3C/script%3E")) {
        page.navigate(browser.address(path));
        assertThat(page.locator("main")).isVisible();
        assertThat(page.locator("main script, main img[src=x], main svg[onload]")).hasCount(0);
      }
      page.navigate(browser.address("/events/" + event));
      assertThat(page.locator("#raw")).containsText("<script>alert(1)</script>");
      page.locator("summary", new Page.LocatorOptions().setHasText("Answer")).first().click();
      assertThat(page.locator(".timeline pre").first()).containsText("<svg/onload=alert(3)>");
      page.navigate(browser.address("/endpoints/" + endpoint));
      press(page, "Send test");
      assertThat(page.locator("#trial pre")).containsText("onload=alert(3)");
      page.navigate(browser.address("/sign-in?to=javascript:alert(13)"));
      assertThat(page.locator("input[name=to]")).hasValue("/console");
      browser.assertWellBehaved();
    }
  }

  @Test
  void aHostileEventDoesNothingWhileItIsFollowedLive() {
    TestSource tenant = gateway.newSource();
    Page page = browser.signedIn(tenant.apiKey());
    follow(page, "Events");
    press(page, "Follow live");
    assertThat(page.locator("#live-state")).containsText("Following live");
    tenant.send(
        TestSource.newPayload()
            .put("event_type", "</td><img src=x onerror=alert(1)>")
            .put("webhook_event_uuid", HOSTILE));
    assertThat(page.locator("#events tr")).hasCount(1);
    assertThat(page.locator("#events")).containsText("onerror=alert(1)");
    assertThat(page.locator("#events img")).hasCount(0);
    browser.assertWellBehaved();
  }

  @Test
  void twoTenantsNeverSeeEachOther() {
    TestSource owner = gateway.newSource();
    TestSource stranger = gateway.newSource();
    String endpoint = gateway.newEndpoint(owner, "http://127.0.0.1:9/").getString("id");
    String event = new JsonObject(owner.send(TestSource.newPayload()).body()).getString("id");
    String source = owner.path().substring("/in/".length());
    Page page = browser.signedIn(stranger.apiKey());
    for (String path :
        List.of(
            "/endpoints/" + endpoint,
            "/endpoints/" + endpoint + "/edit",
            "/sources/" + source,
            "/sources/" + source + "/edit",
            "/events/" + event,
            "/events/" + event + "/payload",
            "/events/" + event + "/deliveries")) {
      assertThat(page.navigate(browser.address(path)).status()).as(path).isEqualTo(404);
    }
    for (String path :
        List.of(
            "/endpoints",
            "/sources",
            "/events?source=" + source,
            "/logs?endpoint=" + endpoint,
            "/logs?event=" + event,
            "/overview/now",
            "/organizations")) {
      page.navigate(browser.address(path));
      assertThat(page.content()).as(path).doesNotContain(owner.organization());
      assertThat(
              page.locator(
                  "a[href*='/events/" + event + "'], a[href*='/endpoints/" + endpoint + "']"))
          .hasCount(0);
    }
    page.navigate(browser.address("/events"));
    String csrf = page.locator("input[name=csrf]").first().getAttribute("value");
    for (String path :
        List.of(
            "/endpoints/" + endpoint + "/delete",
            "/endpoints/" + endpoint + "/pause",
            "/endpoints/" + endpoint + "/test",
            "/sources/" + source + "/delete",
            "/events/" + event + "/resend",
            "/organizations/" + owner.organization() + "/enter")) {
      post(page, path, csrf);
    }
    assertThat(gateway.get("/v1/endpoints/" + endpoint, owner.apiKey()).getString("status"))
        .isEqualTo("active");
    assertThat(gateway.get("/v1/sources/" + source, owner.apiKey()).getString("id"))
        .isEqualTo(source);
    browser.assertWellBehaved();
  }

  @Test
  void aViewerLooksButCannotChangeAnythingOrSeeASecret() {
    TestSource tenant = gateway.newSource();
    String endpoint = gateway.newEndpoint(tenant, "http://127.0.0.1:9/").getString("id");
    Page page = browser.signedIn(key(tenant, "viewer"));
    page.navigate(browser.address("/endpoints/" + endpoint));
    assertThat(page.locator("main form")).hasCount(0);
    assertThat(page.getByText("Keys")).hasCount(0);
    String csrf = page.locator("input[name=csrf]").first().getAttribute("value");
    assertThat(post(page, "/endpoints/" + endpoint + "/delete", csrf).status()).isEqualTo(403);
    APIResponse secret = post(page, "/endpoints/" + endpoint + "/secret", csrf);
    assertThat(secret.text()).doesNotContain("whsec_").contains("role does not allow");
    assertThat(page.navigate(browser.address("/keys")).status()).isEqualTo(403);
    assertThat(page.navigate(browser.address("/audit")).status()).isEqualTo(403);

    Page publisher = browser.stranger();
    browser.signIn(publisher, key(tenant, "publisher"));
    assertThat(publisher.locator("#key-hint")).containsText("may only publish");
  }

  private String key(TestSource tenant, String role) {
    JsonObject wanted = new JsonObject().put("name", role).put("role", role);
    return new JsonObject(gateway.call("POST", "/v1/keys", tenant.apiKey(), wanted).body())
        .getString("api_key");
  }

  @Test
  void signingOutEndsTheSessionEverywhere() {
    TestSource tenant = gateway.newSource();
    Page page = browser.signedIn(tenant.apiKey());
    Cookie session = page.context().cookies().getFirst();
    assertThat(session.httpOnly).isTrue();
    assertThat(session.sameSite).isEqualTo(SameSiteAttribute.STRICT);
    press(page, "Sign out");
    assertThat(page.getByLabel("API key")).isVisible();
    page.context().addCookies(List.of(session));
    page.navigate(browser.address("/events"));
    assertThat(page.getByLabel("API key")).isVisible();
  }

  @Test
  void aSessionEndsWithItsTimeAndThePageComesBackAfterTheNextSignIn(TestStores stores) {
    TestSource tenant = gateway.newSource();
    Page page = browser.signedIn(tenant.apiKey());
    page.navigate(browser.address("/logs?status=failed"));
    Sql.run(
        stores.postgresUri(), "UPDATE console_sessions SET expires_at = now() - interval '1 s'");
    page.navigate(browser.address("/logs?status=failed"));
    assertThat(page.getByLabel("API key")).isVisible();
    page.getByLabel("API key").fill(tenant.apiKey());
    press(page, "Sign in");
    assertThat(page).hasURL(browser.address("/logs?status=failed"));
  }

  @Test
  void theAdministratorSeesAllOrganizationsAndSwitches() {
    TestSource first =
        gateway.newSource(new JsonObject().put("name", "First door").put("scheme", "showpass"));
    TestSource second =
        gateway.newSource(new JsonObject().put("name", "Second door").put("scheme", "showpass"));
    Page page = browser.signedIn(TestGateway.ADMIN_KEY);
    enter(page, first);
    page.navigate(browser.address("/sources"));
    assertThat(page.locator("tbody")).hasText(Pattern.compile("First door.*"));
    page.navigate(browser.address("/organizations"));
    enter(page, second);
    page.navigate(browser.address("/sources"));
    assertThat(page.locator("tbody")).hasText(Pattern.compile("Second door.*"));
    Page tenant = browser.signedIn(first.apiKey());
    assertThat(tenant.locator("a[href='/console/organizations']")).hasCount(0);
    assertThat(tenant.navigate(browser.address("/organizations")).status()).isNotEqualTo(200);
    browser.assertWellBehaved();
  }

  private static void enter(Page page, TestSource tenant) {
    page.locator("form[action='/console/organizations/" + tenant.organization() + "/enter'] button")
        .click();
    assertThat(page.locator("h1")).hasText("Overview");
  }

  @Test
  void aKeyThatIsDeletedEndsItsSessionsAndWhatTheyFollow() {
    TestSource tenant = gateway.newSource();
    String key = key(tenant, "member");
    Page page = browser.signedIn(key);
    follow(page, "Events");
    press(page, "Follow live");
    assertThat(page.locator("#live-state")).containsText("Following live");
    JsonArray keys = gateway.get("/v1/keys", tenant.apiKey()).getJsonArray("data");
    for (int i = 0; i < keys.size(); i++) {
      if (keys.getJsonObject(i).getString("name").equals("member")) {
        String path = "/v1/keys/" + keys.getJsonObject(i).getString("id");
        gateway.call("DELETE", path, tenant.apiKey(), new JsonObject());
      }
    }
    assertThat(page.locator("#live-state")).containsText("Following has ended");
    page.reload();
    assertThat(page.getByLabel("API key")).isVisible();
  }

  @Test
  void aChangeWithoutThePagesTokenOrFromAnotherSiteIsRefused() {
    TestSource tenant = gateway.newSource();
    String endpoint = gateway.newEndpoint(tenant, "http://127.0.0.1:9/").getString("id");
    Page page = browser.signedIn(tenant.apiKey());
    String csrf = page.locator("input[name=csrf]").first().getAttribute("value");
    String pause = "/endpoints/" + endpoint + "/pause";
    assertThat(post(page, pause, "").status()).isEqualTo(403);
    assertThat(post(page, pause, csrf + "x").status()).isEqualTo(403);
    APIResponse foreign =
        page.request()
            .post(
                browser.address(pause),
                RequestOptions.create()
                    .setHeader("sec-fetch-site", "cross-site")
                    .setForm(FormData.create().set("csrf", csrf)));
    assertThat(foreign.status()).isEqualTo(403);
    assertThat(gateway.get("/v1/endpoints/" + endpoint, tenant.apiKey()).getString("status"))
        .isEqualTo("active");
    assertThat(post(page, pause, csrf).status()).isEqualTo(200);
    assertThat(gateway.get("/v1/endpoints/" + endpoint, tenant.apiKey()).getString("status"))
        .isEqualTo("paused");
  }

  private APIResponse post(Page page, String path, String csrf) {
    return page.request()
        .post(
            browser.address(path),
            RequestOptions.create().setForm(FormData.create().set("csrf", csrf)));
  }

  @Test
  void wrongKeysAreRefusedAndThenSlowedDown(TestStores stores) {
    Page page = browser.stranger();
    // A node of its own: it counts by address, and all tests have the same.
    try (TestGateway own = TestGateway.start(stores)) {
      // The pause doubles: at some time it is longer than a try takes.
      boolean slowed = false;
      for (int i = 0; i < 12 && !slowed; i++) {
        page.navigate(own.control("/console/endpoints").toString());
        page.getByLabel("API key").fill("wrong-key-" + i);
        press(page, "Sign in");
        assertThat(page.locator("#key-hint.fault")).isVisible();
        slowed = page.locator("#key-hint").textContent().startsWith("Too many wrong keys");
      }
      assertThat(page.locator("#key-hint")).containsText("Too many wrong keys");
      assertThat(page.context().cookies()).isEmpty();
    }
  }

  @Test
  void pagesCarryThePolicyAndAssetsAreKeptForEver() {
    Page page = browser.stranger();
    APIResponse signIn = page.request().get(browser.address("/sign-in"));
    assertThat(signIn.headers().get("content-security-policy"))
        .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
        .doesNotContain("unsafe");
    assertThat(signIn.headers()).containsEntry("cache-control", "no-store");
    page.navigate(browser.address("/sign-in"));
    assertThat(page.locator("[style], script:not([src]), style, [onclick]")).hasCount(0);
    String script = page.locator("script[src*='console.js']").getAttribute("src");
    APIResponse asset = page.request().get(gateway.control(script).toString());
    assertThat(asset.headers().get("cache-control")).contains("immutable", "max-age=31536000");
    assertThat(asset.status()).isEqualTo(200);
    assertThat(page.request().get(browser.address("/assets/0000/console.js")).status())
        .isEqualTo(404);
  }
}
