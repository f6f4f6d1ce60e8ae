package dev.usher.bench;

/**
 * Subject (b) at half of what it takes at most, in an open model.
 *
 * @param commitP50Millis of a small transaction in the same Postgres at the same time
 * @param commitP99Millis the same
 */
record HalfRate(OpenRun run, double commitP50Millis, double commitP99Millis, long commits) {

  String markdown() {
    return """

    | (b) at half of its maximum, open model | |
    |---|---|
    | rate | %,d events/s for %d s, %,d due, %,d accepted, %,d not |
    | p50, p99 from when a request was due | %.1f ms, %.1f ms |
    | p99 from when it was sent | %.1f ms |
    | a commit of the store's own meanwhile (%,d of them): p50, p99 | %.1f ms, %.1f ms |
    """
        .formatted(
            run.rate(),
            run.seconds(),
            run.due(),
            run.accepted(),
            run.due() - run.accepted(),
            run.p50Millis(),
            run.p99Millis(),
            run.sentP99Millis(),
            commits,
            commitP50Millis,
            commitP99Millis);
  }
}
