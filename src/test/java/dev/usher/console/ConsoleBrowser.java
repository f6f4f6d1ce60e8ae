package dev.usher.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestStores;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;

/**
 * Debian's Chromium at the console of a gateway. Notes whatever a page must never do: ask another
 * host, break the content policy, fail in a script, open a dialog.
 */
final class ConsoleBrowser implements AutoCloseable {
  private static final String PROGRAM = "chromium";

  private final Playwright playwright;
  private final Browser browser;
  private final TestGateway gateway;
  private final List<String> misdeeds = new CopyOnWriteArrayList<>();

  private ConsoleBrowser(Playwright playwright, Browser browser, TestGateway gateway) {
    this.playwright = playwright;
    this.browser = browser;
    this.gateway = gateway;
  }

  /** Starts one at a gateway of its own, which it closes with itself. */
  static ConsoleBrowser start(TestStores stores) {
    return start(TestGateway.start(stores));
  }

  /**
   * Starts one. Where there is no Chromium the tests fail: nobody would notice otherwise.
   *
   * @param gateway closed with the browser; closing it twice does no harm
   */
  static ConsoleBrowser start(TestGateway gateway) {
    Path program =
        Stream.of(System.getenv("PATH").split(":", -1))
            .map(directory -> Path.of(directory, PROGRAM))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(
                () ->
                    new AssertionError(
                        "there is no chromium in PATH (Debian's package; ./usher test installs"
                            + " it)"));
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    Browser browser =
        playwright
            .chromium()
            .launch(
                new LaunchOptions()
                    .setExecutablePath(program)
                    .setHeadless(true)
                    .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
    return new ConsoleBrowser(playwright, browser, gateway);
  }

  TestGateway gateway() {
    return gateway;
  }

  /** A page in a browser of its own: nobody has signed in there. */
  Page stranger() {
    return page(new NewContextOptions().setViewportSize(1280, 800).setTimezoneId("America/Regina"));
  }

  Page page(NewContextOptions options) {
    BrowserContext context = browser.newContext(options);
    context.setDefaultTimeout(15_000);
    context.onRequest(
        request -> {
          URI address = URI.create(request.url());
          if (!"127.0.0.1".equals(address.getHost()) && !"data".equals(address.getScheme())) {
            misdeeds.add("asked " + address);
          }
        });
    context.onDialog(
        (Dialog dialog) -> {
          misdeeds.add("dialog: " + dialog.message());
          dialog.dismiss();
        });
    context.onWebError(error -> misdeeds.add("error: " + error.error()));
    context.onConsoleMessage(
        message -> {
          // Chromium's own remark on an answer of 4xx, which tests ask for on purpose.
          if (message.type().equals("error") && !message.text().startsWith("Failed to load")) {
            misdeeds.add("console: " + message.text());
          }
        });
    return context.newPage();
  }

  /** Where a page of the console is. */
  String address(String path) {
    return gateway.control("/console" + path).toString();
  }

  /** A page whose holder has signed in with this key. */
  Page signedIn(String key) {
    Page page = stranger();
    signIn(page, key);
    assertThat(page.getByRole(AriaRole.BUTTON, named("Sign out"))).isVisible();
    return page;
  }

  /** The same, in the dark or the light, with a screen of this size. */
  Page signedIn(String key, int width, int height, ColorScheme scheme) {
    Page page = page(new NewContextOptions().setViewportSize(width, height).setColorScheme(scheme));
    signIn(page, key);
    assertThat(page.getByRole(AriaRole.BUTTON, named("Sign out"))).isVisible();
    return page;
  }

  void signIn(Page page, String key) {
    page.navigate(address("/sign-in"));
    page.getByLabel("API key").fill(key);
    page.getByRole(AriaRole.BUTTON, named("Sign in")).click();
  }

  static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }

  static Page.GetByRoleOptions exactly(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  /** Presses a button by its name. */
  static void press(Page page, String button) {
    page.getByRole(AriaRole.BUTTON, exactly(button)).first().click();
  }

  /** Follows a link by its name. */
  static void follow(Page page, String link) {
    page.getByRole(AriaRole.LINK, exactly(link)).first().click();
  }

  /** Fails where a page has done anything that it must never do. */
  void assertWellBehaved() {
    Assertions.assertThat(misdeeds).isEmpty();
  }

  /** The same, but for what a test has brought about: that must have happened, and is forgotten. */
  void assertNothingBut(String... expected) {
    Assertions.assertThat(misdeeds).containsOnly(expected);
    misdeeds.clear();
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
    gateway.close();
  }
}
