package dev.usher.control;

/** What a call takes of whoever makes it. */
enum Access {
  /** The administrator's own: organizations. */
  OPERATE,
  /** Keys and the audit log of one organization. */
  ADMINISTER,
  /** Changing what an organization has, and seeing its secrets. */
  CHANGE,
  /** Looking. */
  READ,
  /** Publishing events. */
  PUBLISH
}
