package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.event.ClientTls;
import dev.usher.event.EndpointId;
import io.vertx.core.Future;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The calls on an endpoint's own certificates: those it is trusted by, and the one we show it. */
final class TlsCalls {
  private static final String WHAT = "endpoint";
  private static final String CERTIFICATES = "certificates in PEM, at most 32 KiB";
  private static final String KEY = "the certificate's private key in PEM, PKCS #8, not encrypted";

  private final PostgresControlStores stores;

  TlsCalls(PostgresControlStores stores) {
    this.stores = stores;
  }

  Future<Answer> get(Call call) {
    return call.withId(
        EndpointId::parse,
        WHAT,
        id -> stores.endpointTls.find(call.organization(), id).compose(TlsCalls::shown));
  }

  /** Replaces all of it. */
  Future<Answer> put(Call call) {
    Fields fields = new Fields(call);
    String ca = certificates(fields, "ca");
    String certificate = certificates(fields, "certificate");
    String key = key(fields, certificate);
    if (fields.isRight() && ca == null && certificate == null) {
      fields.fault(Fault.hidden("ca", "ca, or certificate and key, or all three"));
    }
    return call.withId(
        EndpointId::parse,
        WHAT,
        id ->
            Call.with(
                fields.result(() -> new ClientTls(ca, certificate, key)),
                tls -> set(call, id, tls, "endpoint.tls-replaced", TlsCalls::shown)));
  }

  Future<Answer> delete(Call call) {
    return call.withId(
        EndpointId::parse,
        WHAT,
        id ->
            set(
                call,
                id,
                null,
                "endpoint.tls-deleted",
                found -> Call.found(found, WHAT, _ -> Future.succeededFuture(Reply.noContent()))));
  }

  private Future<Answer> set(
      Call call,
      EndpointId id,
      @Nullable ClientTls tls,
      String action,
      Function<Optional<ClientTls>, Future<Answer>> answer) {
    return stores.transactions.run(
        transaction ->
            stores
                .endpoints
                .rows
                .lock(transaction, call.organization(), id.value())
                .compose(
                    found ->
                        Call.found(
                            found,
                            WHAT,
                            endpoint ->
                                call.fits(endpoint)
                                    ? set(transaction, call, id, tls, action).compose(answer)
                                    : Future.succeededFuture(
                                        Problem.changedSince(WHAT, endpoint)))));
  }

  private Future<Optional<ClientTls>> set(
      PostgresTransaction transaction,
      Call call,
      EndpointId id,
      @Nullable ClientTls tls,
      String action) {
    return stores
        .endpointTls
        .set(transaction, call.organization(), id, tls)
        .compose(
            found ->
                stores.audit.note(transaction, call, Change.of(action, id.toString())).map(found));
  }

  private static @Nullable String certificates(Fields fields, String field) {
    String text = fields.text(field);
    if (text != null && Pem.certificates(text).isEmpty()) {
      fields.fault(Fault.hidden(field, CERTIFICATES));
      return null;
    }
    return text;
  }

  private static @Nullable String key(Fields fields, @Nullable String certificate) {
    String text = fields.text("key");
    if (text == null) {
      if (fields.text("certificate") != null && !fields.isWrong("key")) {
        fields.fault(Fault.hidden("key", KEY + " (required with certificate)"));
      }
      return null;
    }
    if (fields.text("certificate") == null && !fields.isWrong("certificate")) {
      fields.fault(Fault.hidden("certificate", CERTIFICATES + " (required with key)"));
    } else if (!Pem.isKey(text)) {
      fields.fault(Fault.hidden("key", KEY));
    } else if (certificate != null && !Pem.belong(Pem.certificates(certificate).getFirst(), text)) {
      fields.fault(Fault.hidden("key", "the private key of the first certificate"));
    }
    return text;
  }

  /** What is set, and when our certificate ends; the key is never shown. */
  private static Future<Answer> shown(Optional<ClientTls> found) {
    return Call.found(
        found,
        WHAT,
        tls -> {
          ObjectNode json = Json.object().put("ca", tls.ca()).put("certificate", tls.certificate());
          return Future.succeededFuture(Reply.ok(json.put("expires_at", end(tls.certificate()))));
        });
  }

  private static @Nullable String end(@Nullable String certificate) {
    List<X509Certificate> chain = certificate == null ? List.of() : Pem.certificates(certificate);
    return chain.isEmpty() ? null : Times.text(chain.getFirst().getNotAfter().toInstant());
  }
}
