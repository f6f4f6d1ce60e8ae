package dev.usher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatementLogTest {
  @Test
  void statementsAreCountedOnceAndWritesByTheirTransaction() {
    String log =
        """
        2026-11-23 18:00:00.000 UTC [1] LOG:  database system is ready to accept connections
        TX0 usher journal: LOG:  duration: 0.100 ms  parse s1: WITH claimed AS (
        \tINSERT INTO events
        TX0 usher journal: LOG:  duration: 0.100 ms  bind s1: WITH claimed AS (
        TX751 usher journal: LOG:  duration: 1.500 ms  execute s1: WITH claimed AS (
        \tINSERT INTO events
        TX0 usher journal: LOG:  duration: 0.010 ms  statement: SELECT 1
        TX752 usher journal: LOG:  duration: 0.020 ms  statement: INSERT INTO events VALUES (1)
        TX752 usher journal: LOG:  duration: 0.020 ms  statement: COMMIT
        TX753 usher: LOG:  duration: 0.020 ms  execute s7: UPDATE nodes
        """;

    assertThat(StatementLog.count(log.lines())).isEqualTo(new StatementLog.Count(4, 2));
  }
}
