package dev.usher.control;

import io.vertx.sqlclient.Pool;
import java.time.InstantSource;

/**
 * All that the management API keeps in Postgres. Public only so that the gateway can construct it.
 *
 * <p>The pool should bound its wait queue and give its statements a time-out: whatever fails or
 * takes too long there is answered with 503.
 */
public final class PostgresControlStores {
  final PostgresTransactions transactions;
  final PostgresApiKeys apiKeys;
  final PostgresOrganizations organizations;
  final PostgresSources sources;
  final PostgresEndpoints endpoints;
  final PostgresSecrets secrets;
  final PostgresEventTypes eventTypes;
  final PostgresEvents events;
  final PostgresAttempts attempts;
  final PostgresDeliveries deliveries;
  final PostgresRejections rejections;
  final PostgresDeadLetters deadLetters;
  final PostgresRecoveries recoveries;
  final PostgresEndpointTls endpointTls;
  final PostgresStatistics statistics;
  final PostgresIdempotency idempotency;
  final PostgresAudit audit;
  final InstantSource clock;

  /**
   * @param clock gives new ids their time; everything that expires does so by Postgres' clock
   */
  public PostgresControlStores(Pool pool, SecretSealer sealer, InstantSource clock) {
    this.transactions = new PostgresTransactions(pool);
    this.apiKeys = new PostgresApiKeys(pool);
    this.organizations = new PostgresOrganizations(pool);
    this.sources = new PostgresSources(pool);
    this.endpoints = new PostgresEndpoints(pool);
    this.secrets = new PostgresSecrets(pool, sealer, clock);
    this.eventTypes = new PostgresEventTypes(pool, clock);
    this.events = new PostgresEvents(pool);
    this.attempts = new PostgresAttempts(pool);
    this.rejections = new PostgresRejections(pool);
    this.deliveries = new PostgresDeliveries(pool);
    this.deadLetters = new PostgresDeadLetters(pool);
    this.recoveries = new PostgresRecoveries(pool);
    this.endpointTls = new PostgresEndpointTls(pool, sealer);
    this.statistics = new PostgresStatistics(pool);
    this.idempotency = new PostgresIdempotency(sealer);
    this.audit = new PostgresAudit(pool, clock);
    this.clock = clock;
  }
}
