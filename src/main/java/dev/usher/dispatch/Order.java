package dev.usher.dispatch;

import dev.usher.event.OrganizationId;

/** Hears of what may be the turn of an ordered endpoint's next delivery. */
public interface Order {
  /** Whether there is any ordered endpoint: otherwise nothing need be told. */
  boolean isNeeded();

  /** Events of this organization were committed. */
  void committed(OrganizationId organization);
}
