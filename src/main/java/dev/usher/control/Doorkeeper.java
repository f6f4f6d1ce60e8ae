package dev.usher.control;

import dev.usher.control.Admission.Admitted;
import dev.usher.control.Admission.Refused;
import dev.usher.control.PostgresApiKeys.Presented;
import dev.usher.event.ApiKeyId;
import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides by the {@code Authorization} header who makes a call. The administrator's key opens
 * everything, and names the organization by {@value #ORGANIZATION_HEADER}; an organization's key
 * opens what its role allows in that organization, and everything else looks to it as if it did not
 * exist.
 */
final class Doorkeeper {
  private static final Logger LOG = LoggerFactory.getLogger(Doorkeeper.class);
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
  Future<Admission> admit(MultiMap headers, Route route) {
    String key = bearer(headers);
    return key == null
        ? Future.succeededFuture(unauthenticated())
        : admit(Credential.of(key), headers, route);
  }

  /** The same, of a key that was presented before. */
  Future<Admission> admit(Credential key, MultiMap headers, Route route) {
    if (MessageDigest.isEqual(adminKeyHash, key.hash())) {
      boolean everywhere = route.everywhere() && !headers.contains(ORGANIZATION_HEADER);
      boolean alone = route.access() == Access.OPERATE || everywhere;
      return alone
          ? Future.succeededFuture(new Admitted(null, Actor.ADMINISTRATOR))
          : asAdministrator(headers);
    }
    return found(key)
        .map(
            found ->
                found.isEmpty() ? unauthenticated() : admit(found.get(), headers, route.access()));
  }

  /** Who holds a key; empty where it does not open. */
  Future<Optional<Holder>> holder(Credential key) {
    if (MessageDigest.isEqual(adminKeyHash, key.hash())) {
      return Future.succeededFuture(
          Optional.of(new Holder(null, "", "administrator", Role.ADMIN.text())));
    }
    return found(key).compose(found -> found.map(this::holder).orElseGet(Doorkeeper::nobody));
  }

  private Future<Optional<Holder>> holder(Presented key) {
    return organizations
        .find(key.organization())
        .map(
            found ->
                found.map(own -> new Holder(own.id(), own.name(), key.name(), key.role().text())));
  }

  private static Future<Optional<Holder>> nobody() {
    return Future.succeededFuture(Optional.empty());
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
        .map(
            found ->
                found.isPresent()
                    ? new Admitted(id, Actor.ADMINISTRATOR)
                    : notFound("organization"));
  }

  /** The organization's key that this is; its use is noted. */
  private Future<Optional<Presented>> found(Credential key) {
    ApiKeyId id = key.id();
    if (id == null) {
      return Future.succeededFuture(Optional.empty());
    }
    return apiKeys
        .presented(id)
        .map(
            found -> {
              byte[] hash = found.map(Presented::hash).orElse(NO_HASH);
              boolean opens = MessageDigest.isEqual(key.hash(), hash);
              found.filter(_ -> opens).ifPresent(this::noteUse);
              return found.filter(_ -> opens);
            });
  }

  private static Admission admit(Presented key, MultiMap headers, Access access) {
    OrganizationId own = key.organization();
    List<String> named = headers.getAll(ORGANIZATION_HEADER);
    boolean elsewhere = named.stream().anyMatch(name -> !name.equals(own.toString()));
    if (access == Access.OPERATE || elsewhere) {
      return notFound("organization");
    }
    return key.role().allows(access)
        ? new Admitted(own, new Actor(key.id().toString(), key.name()))
        : notAllowed(key.role(), access);
  }

  /** Not waited for: a call must not fail because its time cannot be noted. */
  private void noteUse(Presented key) {
    if (key.stale()) {
      apiKeys
          .touch(key)
          .onFailure(
              failure ->
                  LOG.debug("the use of {} was not noted: {}", key.id(), failure.toString()));
    }
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

  private static Admission notAllowed(Role role, Access access) {
    String detail =
        "This key's role is " + role.text() + "; the call takes one of " + Role.allowing(access);
    return new Refused(new Problem(Problem.Kind.ROLE_NOT_ALLOWED, detail));
  }

  private static Admission notFound(String what) {
    return new Refused(Problem.notFound(what));
  }
}
