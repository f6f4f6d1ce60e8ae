package dev.usher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatementLogTest {
  @Test
  void statementsAreCountedOnceAndWritesByTheirTransaction() {
    String log =
        """
        2026-11-23 18:00:00.000 UTC [1] LOG:  database system is ready to accept connections
        TX0 LOG:  duration: 0.100 ms  parse s1: WITH claimed AS (
        \tINSERT INTO events
        TX0 LOG:  duration: 0.100 ms  bind s1: WITH claimed AS (
        TX751 LOG:  duration: 1.500 ms  execute s1: WITH claimed AS (
        \tINSERT INTO events
        TX0 LOG:  duration: 0.010 ms  statement: SELECT 1
        TX752 LOG:  duration: 0.020 ms  statement: INSERT INTO nodes VALUES (1)
        TX752 LOG:  duration: 0.020 ms  statement: COMMIT
        """;

    assertThat(StatementLog.count(log.lines())).isEqualTo(new StatementLog.Count(4, 2));
  }
}
