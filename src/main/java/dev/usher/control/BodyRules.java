package dev.usher.control;

/**
 * What a call takes as its body.
 *
 * @param limitBytes a body is held in memory whole
 * @param payloads whether it carries events' payloads, which may nest and count like those that are
 *     received
 */
record BodyRules(int limitBytes, boolean payloads) {
  /** More than any description of a thing needs. */
  static final BodyRules SETTINGS = new BodyRules(256 * 1024, false);

  /** One event, with room for what stands around its payload. */
  static final BodyRules EVENT = new BodyRules(PublishedEvent.MAX_DATA_BYTES + 16 * 1024, true);

  /** Many events at once: 1,000 of the usual size. */
  static final BodyRules EVENTS = new BodyRules(4 * 1024 * 1024, true);
}
