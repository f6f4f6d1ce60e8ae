package dev.usher.load;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * An endless supply of Showpass events of all types in turn, made of the samples, each with an
 * {@code id} and a {@code webhook_event_uuid} of its own, so that each is a new event to the
 * gateway. May be used by several threads.
 */
public final class SampleEvents {
  private static final List<String> TYPES =
      List.of(
          "invoice.purchase",
          "invoice.refund",
          "invoice.void",
          "invoice.transfer",
          "invoice.transferred",
          "webhook.test");

  private final String secret;
  private final List<Template> templates;
  private final AtomicLong made = new AtomicLong();

  /**
   * One event, ready to be sent.
   *
   * @param signature the value of {@link ShowpassSignature#HEADER}
   */
  public record SampleEvent(String type, String key, String body, String signature) {}

  private record Template(String type, String text, String id, String key) {}

  /** Events signed with the source's secret. */
  public SampleEvents(String secret) {
    this.secret = secret;
    this.templates = TYPES.stream().map(SampleEvents::template).toList();
  }

  private static Template template(String type) {
    String text = resource("samples/" + type + ".json");
    JsonObject event = new JsonObject(text);
    return new Template(type, text, event.getString("id"), event.getString("webhook_event_uuid"));
  }

  /** The next event. */
  public SampleEvent next() {
    int turn = (int) (made.getAndIncrement() % templates.size());
    Template template = templates.get(turn);
    String id = UUID.randomUUID().toString();
    String key = UUID.randomUUID().toString();
    // The transaction id under data is the same as the top-level id and must stay so.
    String body = template.text.replace(template.id, id).replace(template.key, key);
    return new SampleEvent(template.type, key, body, ShowpassSignature.sign(secret, id));
  }

  /** The events without end. */
  public Stream<SampleEvent> stream() {
    return Stream.generate(this::next);
  }

  private static String resource(String name) {
    try (InputStream in = SampleEvents.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name + " beside " + SampleEvents.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
