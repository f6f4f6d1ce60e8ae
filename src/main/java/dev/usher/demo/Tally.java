package dev.usher.demo;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What was sent, answered and delivered, event by event. Safe to use from several threads. */
final class Tally {
  private final Map<String, Long> acceptedNanos = new ConcurrentHashMap<>();
  private final Map<String, Long> deliveredNanos = new ConcurrentHashMap<>();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong duplicates = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong wrongSignatures = new AtomicLong();
  private final AtomicLong failedAttempts = new AtomicLong();

  void sent() {
    sent.incrementAndGet();
  }

  void answered(int status, String eventId, long atNanos) {
    switch (status) {
      case 202 -> acceptedNanos.put(eventId, atNanos);
      case 200 -> duplicates.incrementAndGet();
      default -> refused.incrementAndGet();
    }
  }

  void delivered(String eventId, long atNanos) {
    deliveredNanos.putIfAbsent(eventId, atNanos);
  }

  void wrongSignature() {
    wrongSignatures.incrementAndGet();
  }

  void failedAttempt() {
    failedAttempts.incrementAndGet();
  }

  long sentEvents() {
    return sent.get();
  }

  long accepted() {
    return acceptedNanos.size();
  }

  long duplicates() {
    return duplicates.get();
  }

  long refused() {
    return refused.get();
  }

  long failedAttempts() {
    return failedAttempts.get();
  }

  /** Accepted events that the healthy receiver got. */
  long delivered() {
    return acceptedNanos.keySet().stream().filter(deliveredNanos::containsKey).count();
  }

  /** Whether every accepted event was delivered, signed right. */
  boolean isComplete() {
    return delivered() == accepted() && wrongSignatures.get() == 0;
  }

  /** The time from accept to delivery that the given part of all deliveries stayed below. */
  Duration latency(double part) {
    long[] nanos =
        acceptedNanos.entrySet().stream()
            .filter(accepted -> deliveredNanos.containsKey(accepted.getKey()))
            // The delivery may arrive before the sender has read its answer.
            .mapToLong(
                accepted ->
                    Math.max(
                        0,
                        deliveredNanos.getOrDefault(accepted.getKey(), 0L) - accepted.getValue()))
            .sorted()
            .toArray();
    if (nanos.length == 0) {
      return Duration.ZERO;
    }
    return Duration.ofNanos(
        nanos[(int) Math.min(nanos.length - 1, Math.ceil(nanos.length * part))]);
  }

  @Override
  public String toString() {
    return Arrays.toString(new long[] {sentEvents(), accepted(), delivered()});
  }
}
