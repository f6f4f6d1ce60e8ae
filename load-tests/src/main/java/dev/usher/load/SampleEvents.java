package dev.usher.load;

import dev.usher.measure.EventKey;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * An endless supply of Showpass events of all types in turn, made of the samples, each with an
 * {@code id} of its own and the {@code webhook_event_uuid} it is given. May be used by several
 * threads.
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

  /**
   * One event, ready to be sent.
   *
   * @param signature the value of {@link ShowpassSignature#HEADER}
   */
  public record SampleEvent(String type, EventKey key, String body, String signature) {}

  private record Template(String type, String text, String id, String key) {}

  /** Events signed with the source's secret. */
  public SampleEvents(String secret) {
    this.secret = secret;
    this.templates = TYPES.stream().map(SampleEvents::template).toList();
  }

  private static Template template(String type) {
    String text = resource("samples/" + type + ".json");
    JsonObject event = new JsonObject(text);
    return new Template(type, text, event.getString("id"), event.getString(EventKey.MEMBER));
  }

  /** The event of a key. */
  public SampleEvent event(EventKey key) {
    Template template = templates.get(key.number() % templates.size());
    String id = UUID.randomUUID().toString();
    // The transaction id under data is the same as the top-level id and must stay so.
    String body = template.text.replace(template.id, id).replace(template.key, key.text());
    return new SampleEvent(template.type, key, body, ShowpassSignature.sign(secret, id));
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
