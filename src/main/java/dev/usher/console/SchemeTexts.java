package dev.usher.console;

import java.util.Map;

/** What the schemes of sources are, for whoever chooses one. Public for templates. */
public final class SchemeTexts {
  private static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry(
              "showpass",
              "Showpass webhooks: hex HMAC-SHA1 of the body's id in X-SHOWPASS-SIGNATURE. Usher"
                  + " makes the secret; the signature covers the id only, so add the sender's"
                  + " networks."),
          Map.entry(
              "standard-webhooks",
              "Standard Webhooks, also with svix- headers: HMAC-SHA256 over id, time and body."),
          Map.entry(
              "stripe",
              "Stripe: HMAC-SHA256 over time and body. Stripe shows the signing secret (whsec_…)"
                  + " after you have set the address there."),
          Map.entry(
              "github",
              "GitHub: HMAC-SHA256 over the body. Choose the secret here and enter it at GitHub."),
          Map.entry(
              "shopify",
              "Shopify: base64 HMAC-SHA256 over the body, with the app's client secret or the one"
                  + " shown below the webhooks in the shop's settings."),
          Map.entry(
              "slack", "Slack: HMAC-SHA256 over time and body, with the app's signing secret."),
          Map.entry(
              "twilio",
              "Twilio: HMAC-SHA1 over the address and the form, with the account's auth token."),
          Map.entry(
              "square",
              "Square: HMAC-SHA256 over the address and the body, with the subscription's key."),
          Map.entry(
              "pagerduty",
              "PagerDuty v3: HMAC-SHA256 over the body, with the subscription's secret."),
          Map.entry("zoom", "Zoom: HMAC-SHA256 over time and body, with the app's secret token."),
          Map.entry(
              "paddle",
              "Paddle: HMAC-SHA256 over time and body, with the destination's secret key."),
          Map.entry(
              "mailgun", "Mailgun: HMAC-SHA256 over time and token, with the HTTP signing key."),
          Map.entry(
              "linear", "Linear: HMAC-SHA256 over the body, with the webhook's signing secret."),
          Map.entry(
              "sendgrid",
              "SendGrid: ECDSA over time and body; the secret is SendGrid's public verification"
                  + " key."),
          Map.entry(
              "hmac",
              "Any other sender that signs with an HMAC: the options say which header, what is"
                  + " signed, and where type and key are found."));

  private SchemeTexts() {}

  /** How senders of a scheme sign; empty for one that is not known here. */
  public static String of(String scheme) {
    return TEXTS.getOrDefault(scheme, "");
  }
}
