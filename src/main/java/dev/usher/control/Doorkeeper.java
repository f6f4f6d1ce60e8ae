package dev.usher.control;

import dev.usher.control.Admission.Admitted;
import dev.usher.control.Admission.Refused;
import dev.usher.control.Admission.Scope;
import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides by the {@code Authorization} header who makes a call. The administrator's key opens
 * everything, and names the organization by {@value #ORGANIZATION_HEADER}; an organization's key
 * opens that organization, and everything else looks to it as if it did not exist.
 */
final class Doorkeeper {
  static final String ORGANIZATION_HEADER = "Usher-Organization";
  private static final String BEARER = "Bearer ";
  private static final int MAX_KEY_CHARACTERS = 1_024;
  private static final byte[] NO_HASH = new byte[32]; // no key has it

  private final byte[] adminKeyHash;
  private final PostgresApiKeys apiKeys;
  private final PostgresOrganizations organizations;

  Doorkeeper(String adminKey, PostgresApiKeys apiKeys, PostgresOrganizations organizations) {
    this.adminKeyHash = ApiKey.hash(adminKey);
    this.apiKeys = apiKeys;
    this.organizations = organizations;
  }

  /** Who makes the call; all keys that do not open get the same answer. */
  Future<Admission> admit(MultiMap headers, Scope scope) {
    String key = bearer(headers);
    if (key == null) {
      return Future.succeededFuture(unauthenticated());
    }
    if (MessageDigest.isEqual(adminKeyHash, ApiKey.hash(key))) {
      return scope == Scope.ADMINISTRATOR
          ? Future.succeededFuture(new Admitted(null))
          : asAdministrator(headers);
    }
    ApiKey apiKey = ApiKey.parse(key);
    return apiKey == null
        ? Future.succeededFuture(unauthenticated())
        : asOrganization(apiKey, headers, scope);
  }

  private Future<Admission> asAdministrator(MultiMap headers) {
    List<String> named = headers.getAll(ORGANIZATION_HEADER);
    OrganizationId id = named.size() == 1 ? OrganizationId.parse(named.getFirst()) : null;
    if (id == null) {
      String detail =
          "With the administrator's key, name the organization in the header "
              + ORGANIZATION_HEADER
              + ": org_…";
      return Future.succeededFuture(
          new Refused(new Problem(Problem.Kind.ORGANIZATION_REQUIRED, detail)));
    }
    return organizations
        .find(id)
        .map(found -> found.isPresent() ? new Admitted(id) : notFound("organization"));
  }

  private Future<Admission> asOrganization(ApiKey key, MultiMap headers, Scope scope) {
    return apiKeys
        .find(key.id())
        .map(
            found -> {
              byte[] hash = found.map(PostgresApiKeys.StoredKey::hash).orElse(NO_HASH);
              if (!MessageDigest.isEqual(key.hash(), hash) || found.isEmpty()) {
                return unauthenticated();
              }
              OrganizationId own = found.get().organization();
              List<String> named = headers.getAll(ORGANIZATION_HEADER);
              boolean elsewhere = named.stream().anyMatch(name -> !name.equals(own.toString()));
              return scope == Scope.ADMINISTRATOR || elsewhere
                  ? notFound("organization")
                  : new Admitted(own);
            });
  }

  private static @Nullable String bearer(MultiMap headers) {
    List<String> given = headers.getAll("authorization");
    if (given.size() != 1) {
      return null;
    }
    String value = given.getFirst();
    boolean bearer =
        value.regionMatches(true, 0, BEARER, 0, BEARER.length())
            && value.length() > BEARER.length()
            && value.length() <= BEARER.length() + MAX_KEY_CHARACTERS;
    return bearer ? value.substring(BEARER.length()).strip() : null;
  }

  private static Admission unauthenticated() {
    return new Refused(
        new Problem(
            Problem.Kind.UNAUTHENTICATED,
            "Send a valid key in the header Authorization: Bearer KEY",
            List.of(),
            Map.of("www-authenticate", "Bearer realm=\"usher\"")));
  }

  private static Admission notFound(String what) {
    return new Refused(Problem.notFound(what));
  }
}
