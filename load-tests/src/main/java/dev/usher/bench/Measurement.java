package dev.usher.bench;

import java.util.OptionalDouble;

/**
 * One measurement of one subject. CPU is user and system time in microseconds for each event that
 * counts: accepted, or delivered where delivery is what is measured.
 *
 * @param eventsPerSecond accepted; for subject (d) delivered, until the last one was
 * @param acceptedPerSecond for subject (d): answered with 202 while wrk sent
 * @param p50Millis to the answer
 * @param p99Millis to the answer
 * @param cpuMicros of the process under test
 * @param compilerMicros the part of it that the just-in-time compiler took
 * @param peakMib the most that the process under test has held in memory since its start
 * @param loadCpuMicros of wrk
 * @param otherCpus CPUs that everything else on the machine kept busy meanwhile
 */
record Measurement(
    double eventsPerSecond,
    OptionalDouble acceptedPerSecond,
    double p50Millis,
    double p99Millis,
    double cpuMicros,
    double compilerMicros,
    double postgresMicros,
    double redisMicros,
    double peakMib,
    double loadCpuMicros,
    double otherCpus) {

  /** CPU of the gateway and of its stores together. */
  double totalMicros() {
    return cpuMicros + postgresMicros + redisMicros;
  }
}
