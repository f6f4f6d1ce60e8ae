package dev.usher.journal;

import dev.usher.event.OrganizationId;
import dev.usher.event.SourceId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request that the public door refused, as far as a developer needs to know. Holds no secret, no
 * right signature and no body.
 *
 * @param id of version 7: its time is the refusal's
 * @param organization whose source was addressed; null where the address names none. So too the
 *     source
 * @param code the stable code of the problem that the sender was told
 * @param reason why, for the source's owner: often more than the sender was told
 * @param address the sender's; null where it cannot be told
 * @param key the idempotency key that the request claims; null where it could not be read
 * @param bodyBytes null where the body was not read
 */
public record Rejection(
    UUID id,
    @Nullable OrganizationId organization,
    @Nullable SourceId source,
    String code,
    int status,
    String reason,
    @Nullable String address,
    @Nullable String key,
    @Nullable Integer bodyBytes) {}
