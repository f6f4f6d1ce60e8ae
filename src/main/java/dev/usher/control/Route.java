package dev.usher.control;

/**
 * One call: what a request to {@code path} with {@code method} takes and does.
 *
 * @param everywhere whether the administrator may make it in no organization
 */
record Route(
    String method,
    String path,
    Access access,
    boolean everywhere,
    BodyRules body,
    Call.Operation operation) {
  Route(String method, String path, Access access, Call.Operation operation) {
    this(method, path, access, BodyRules.SETTINGS, operation);
  }

  Route(String method, String path, Access access, BodyRules body, Call.Operation operation) {
    this(method, path, access, false, body, operation);
  }

  /** The same, and the administrator need not name an organization for it. */
  Route anywhere() {
    return new Route(method, path, access, true, body, operation);
  }
}
