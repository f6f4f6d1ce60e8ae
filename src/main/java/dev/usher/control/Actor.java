package dev.usher.control;

/**
 * Who makes a call, as the audit log names it.
 *
 * @param id a key's id, or {@code administrator}
 * @param name the key's name at that time; empty for the administrator
 */
record Actor(String id, String name) {
  static final Actor ADMINISTRATOR = new Actor("administrator", "");
}
