package dev.usher.control;

import dev.usher.control.EventType.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The types of events that Showpass sends: every organization has them from the start. */
final class ShowpassTypes {
  static final List<Settings> ALL =
      List.of(
          type("invoice.purchase", "A new order was created and paid."),
          type("invoice.refund", "A transaction, or part of it, was refunded."),
          type("invoice.void", "A completed transaction was voided: an error, or a chargeback."),
          type(
              "invoice.transfer",
              "A ticket transfer completed: the recipient's new invoice and tickets."),
          type(
              "invoice.transferred",
              "A ticket transfer completed, seen from the original purchaser: the original invoice"
                  + " and tickets changed."),
          type("webhook.test", "Sent by hand to try an endpoint."));

  private ShowpassTypes() {}

  /** Without a schema: the fields vary by event, and an unknown or missing one is no fault. */
  private static Settings type(String name, String description) {
    return new Settings(name, description, null, sample(name));
  }

  private static String sample(String name) {
    try (InputStream in =
        ShowpassTypes.class.getResourceAsStream("/dev/usher/samples/" + name + ".json")) {
      if (in == null) {
        throw new IllegalStateException("the sample " + name + " is missing from the build");
      }
      return Json.payload(in.readAllBytes()).path("data").toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
