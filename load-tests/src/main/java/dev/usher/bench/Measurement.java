package dev.usher.bench;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One measurement of one subject. CPU is user and system time in microseconds for each event that
 * counts: accepted, or delivered where delivery is what is measured.
 *
 * @param eventsPerSecond answered; for subject (d) delivered, until the last one was
 * @param acceptedPerSecond for subject (d): answered with 202 while wrk sent
 * @param p50Millis to the answer
 * @param p99Millis to the answer
 * @param cpuMicros of the process under test
 * @param compilerMicros the part of it that the just-in-time compiler took
 * @param peakMib the most that the process under test has held in memory since its start
 * @param loadCpuMicros of wrk
 * @param otherCpus CPUs that everything else on the machine kept busy meanwhile
 * @param stolenCpus CPUs that a virtual machine wanted meanwhile and did not get
 * @param inside what Usher and its Postgres tell besides
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
    double otherCpus,
    double stolenCpus,
    Optional<Inside> inside) {

  /**
   * Inside of Usher. What has no meaning for a subject is NaN, and stays empty in print.
   *
   * @param eventsPerBatch of the journal
   * @param walPerPayloadByte bytes that Postgres logged for each byte of a body
   * @param allocatedKib on the heap, for each event, beside the body
   * @param liveHeapMib what is left of the heap by a full collection
   * @param statementsPerBatch of the journal, its log of attempts included
   * @param commitsPerBatch of these, transactions that wrote
   * @param rememberedShare of the requests that Redis answered, 0 to 1
   */
  record Inside(
      double eventsPerBatch,
      double walPerPayloadByte,
      double allocatedKib,
      double liveHeapMib,
      double statementsPerBatch,
      double commitsPerBatch,
      double rememberedShare) {}

  /** CPU of the gateway and of its stores together. */
  double totalMicros() {
    return cpuMicros + postgresMicros + redisMicros;
  }
}
