package dev.usher.command;

import dev.usher.crypto.ConstantTime;
import dev.usher.crypto.ShowpassSigner;
import dev.usher.crypto.StandardWebhooksSigner;
import dev.usher.payload.Member;
import dev.usher.payload.TopLevel;
import dev.usher.payload.TopLevelReader;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A receiver for trying things. */
@Command(
    name = "listen",
    description = {
      "A receiver for trying things: prints each request and whether its signature is right.",
      "It listens on the loopback only, and answers until Ctrl-C."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ListenCommand implements Callable<Integer> {
  /** Bodies are printed up to this many characters. */
  private static final int MOST_PRINTED = 2_000;

  private static final long LONGEST_DELAY_MILLIS = 600_000;

  @Spec private CommandSpec spec;

  @Option(names = "--port", description = "Default: ${DEFAULT-VALUE}.")
  private int port = 9000;

  @Option(
      names = "--secret",
      description = "The endpoint's secret; without it nothing is verified.")
  private @Nullable String secret;

  @Option(names = "--status", description = "What it answers. Default: ${DEFAULT-VALUE}.")
  private int status = 200;

  @Option(
      names = "--delay",
      description = "Milliseconds before it answers. Default: ${DEFAULT-VALUE}.")
  private long delayMillis;

  @Override
  public Integer call() throws InterruptedException {
    expect("--port", port, 0, 65_535);
    expect("--status", status, 200, 599);
    expect("--delay", delayMillis, 0, LONGEST_DELAY_MILLIS);
    Logging.quiet();
    Vertx vertx = Vertx.vertx();
    CountDownLatch failed = new CountDownLatch(1);
    PrintWriter out = spec.commandLine().getOut();
    vertx
        .createHttpServer()
        .requestHandler(
            request -> request.body().onSuccess(body -> received(vertx, request, body, out)))
        .listen(port, "127.0.0.1")
        .onComplete(
            server -> {
              out.println(
                  "Listening at http://127.0.0.1:" + server.actualPort() + "/ (Ctrl-C ends)");
              out.flush();
            },
            failure -> {
              spec.commandLine().getErr().println("usher: " + failure.getMessage());
              failed.countDown();
            });
    failed.await(); // until Ctrl-C
    vertx.close();
    return 1;
  }

  private void expect(String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), option + " is " + value + "; expected " + least + " to " + most);
    }
  }

  private void received(Vertx vertx, HttpServerRequest request, Buffer body, PrintWriter out) {
    out.println();
    out.println(
        LocalTime.now(ZoneId.systemDefault()).withNano(0)
            + "  "
            + request.method()
            + " "
            + request.uri());
    request.headers().forEach((name, value) -> out.println("  " + name + ": " + value));
    out.println("  " + verdict(request, body.getBytes()));
    String text = body.toString(StandardCharsets.UTF_8);
    out.println(
        text.length() <= MOST_PRINTED
            ? text
            : text.substring(0, MOST_PRINTED) + "… (" + body.length() + " bytes)");
    out.flush();
    if (delayMillis > 0) {
      vertx.setTimer(delayMillis, _ -> request.response().setStatusCode(status).end());
    } else {
      request.response().setStatusCode(status).end();
    }
  }

  private String verdict(HttpServerRequest request, byte[] body) {
    if (secret == null) {
      return "signature not checked: no --secret given";
    }
    String standard = request.getHeader("webhook-signature");
    String showpass = request.getHeader("X-SHOWPASS-SIGNATURE");
    if (standard != null) {
      return isStandard(request, body, standard, secret)
          ? "signature right (Standard Webhooks, over the whole body)"
          : "SIGNATURE WRONG (Standard Webhooks)";
    }
    if (showpass != null) {
      return isShowpass(request, body, showpass, secret)
          ? "signature right (Showpass, over the id)"
          : "SIGNATURE WRONG (Showpass)";
    }
    return "NO SIGNATURE";
  }

  private static boolean isStandard(
      HttpServerRequest request, byte[] body, String given, String secret) {
    String id = request.getHeader("webhook-id");
    String timestamp = request.getHeader("webhook-timestamp");
    StandardWebhooksSigner signer = StandardWebhooksSigner.of(secret);
    if (id == null || timestamp == null || !timestamp.matches("\\d{1,15}") || signer == null) {
      return false;
    }
    byte[] right = bytes(signer.sign(id, Long.parseLong(timestamp), body));
    for (String one : given.split(" ", -1)) {
      if (ConstantTime.equal(right, bytes(one))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isShowpass(
      HttpServerRequest request, byte[] body, String given, String secret) {
    String id =
        new TopLevelReader().read(body, List.of("id")) instanceof TopLevel.Members found
                && found.get("id") instanceof Member.Text(String payloadId)
            ? payloadId
            : String.valueOf(request.getHeader("webhook-id"));
    return ConstantTime.equal(bytes(new ShowpassSigner(secret).sign(id)), bytes(given));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
