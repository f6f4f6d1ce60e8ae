package dev.usher.receive;

import dev.usher.measure.EventKey;
import dev.usher.measure.Latencies;
import dev.usher.measure.Phases;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * What was sent, what the gateway said of it, and what each endpoint got, event by event: the proof
 * that nothing is lost, doubled or made up. An event is known by the number in its idempotency key,
 * so {@link #MOST_EVENTS} of them take 320 MiB and a bit for each endpoint. Any thread may write.
 */
public final class Ledger {
  /** Events that one run may send. */
  public static final int MOST_EVENTS = 1 << 25;

  private static final long NANOS_PER_TENTH_MILLI = 100_000;

  private final String sender = EventKey.newSender();
  private final Phases phases;
  private final int endpoints;
  private final List<Latencies> deliveries;
  private final AtomicReferenceArray<LedgerPage> pages =
      new AtomicReferenceArray<>(MOST_EVENTS / LedgerPage.EVENTS);

  private final AtomicInteger sent = new AtomicInteger();
  private final List<LongAdder> sentInTime;
  private final LongAdder accepted = new LongAdder();
  private final LongAdder acceptedAgain = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final LongAdder receivedAgain = new LongAdder();
  private final LongAdder strange = new LongAdder();
  private final LongAdder otherIds = new LongAdder();

  /**
   * @param endpoints how many must get each accepted event
   */
  public Ledger(int endpoints, Phases phases) {
    this.endpoints = endpoints;
    this.phases = phases;
    this.sentInTime = IntStream.range(0, phases.count()).mapToObj(_ -> new LongAdder()).toList();
    this.deliveries = IntStream.range(0, phases.count()).mapToObj(_ -> new Latencies()).toList();
  }

  /**
   * The key of the next event, which is sent now.
   *
   * @throws IllegalStateException when there are too many
   */
  public EventKey send() {
    int event = sent.getAndIncrement();
    if (event < 0 || event >= MOST_EVENTS) {
      throw new IllegalStateException("a run may send " + MOST_EVENTS + " events");
    }
    LedgerPage page = page(event);
    page.sentAtTenthMillis[at(event)] = (int) (phases.elapsedNanos() / NANOS_PER_TENTH_MILLI);
    int phase = phases.now();
    page.phase[at(event)] = (byte) phase;
    if (!phases.over()) {
      sentInTime.get(phase).increment();
    }
    return new EventKey(sender, event);
  }

  /** The gateway answered 202: the event is new to it, and its id is this. */
  public void accepted(int event, String id) {
    LedgerPage page = page(event);
    page.known.set(at(event));
    if (page.accepted.set(at(event))) {
      accepted.increment();
    } else {
      acceptedAgain.increment();
    }
    compareId(page, event, id);
  }

  /** The gateway answered 200: it has the event already, with this id. */
  public void known(int event, String id) {
    LedgerPage page = page(event);
    page.known.set(at(event));
    compareId(page, event, id);
  }

  /** The gateway answered that it keeps nothing of the event, and never will. */
  public void refused(int event) {
    page(event).refused.set(at(event));
  }

  /**
   * An endpoint got an event.
   *
   * @param id its {@code webhook-id}
   */
  public void received(int endpoint, Optional<EventKey> key, String id) {
    if (key.isEmpty() || !key.get().sender().equals(sender) || key.get().number() >= sent.get()) {
      strange.increment();
      return;
    }
    int event = key.get().number();
    LedgerPage page = page(event);
    compareId(page, event, id);
    if (page.receivedBy(endpoint).set(at(event))) {
      received.increment();
      long tenths =
          phases.elapsedNanos() / NANOS_PER_TENTH_MILLI - page.sentAtTenthMillis[at(event)];
      deliveries.get(page.phase[at(event)]).record(tenths * 100);
    } else {
      receivedAgain.increment();
    }
  }

  /** The id in the answer and that of each delivery must be the same. */
  private void compareId(LedgerPage page, int event, String id) {
    int hash = id.hashCode() | 1; // 0 is none
    int before = page.idHashes.compareAndExchange(at(event), 0, hash);
    if (before != 0 && before != hash) {
      otherIds.increment();
    }
  }

  /** Deliveries owed: accepted events that an endpoint has not got. */
  public long missing() {
    long missing = 0;
    for (int i = 0; i < usedPages(); i++) {
      LedgerPage page = page(i * LedgerPage.EVENTS);
      for (int endpoint = 0; endpoint < endpoints; endpoint++) {
        missing += page.known.countWithout(page.receivedBy(endpoint));
      }
    }
    return missing;
  }

  /** The key of an event that is missing somewhere. */
  public Optional<String> exampleOfMissing() {
    for (int i = 0; i < usedPages(); i++) {
      LedgerPage page = page(i * LedgerPage.EVENTS);
      for (int endpoint = 0; endpoint < endpoints; endpoint++) {
        int first = page.known.firstWithout(page.receivedBy(endpoint));
        if (first >= 0) {
          return Optional.of(new EventKey(sender, i * LedgerPage.EVENTS + first).text());
        }
      }
    }
    return Optional.empty();
  }

  /** Deliveries of events that the gateway had refused. */
  public long refusedButReceived() {
    long wrong = 0;
    for (int i = 0; i < usedPages(); i++) {
      LedgerPage page = page(i * LedgerPage.EVENTS);
      for (int endpoint = 0; endpoint < endpoints; endpoint++) {
        wrong += page.refused.countWith(page.receivedBy(endpoint));
      }
    }
    return wrong;
  }

  /** Events sent so far. */
  public int sent() {
    return sent.get();
  }

  /** Events sent while a phase ran; a generator that cannot keep up sends the rest afterwards. */
  public long sentInTime(int phase) {
    return sentInTime.get(phase).sum();
  }

  /** Events answered 202, each counted once. */
  public long accepted() {
    return accepted.sum();
  }

  /** Answers 202 for events that had one before. */
  public long acceptedAgain() {
    return acceptedAgain.sum();
  }

  /** Deliveries, each event counted once for each endpoint. */
  public long received() {
    return received.sum();
  }

  /** Deliveries of what the endpoint had got before. */
  public long receivedAgain() {
    return receivedAgain.sum();
  }

  /** Deliveries of what nobody had sent. */
  public long strange() {
    return strange.sum();
  }

  /** Answers and deliveries with another id than the event's first. */
  public long otherIds() {
    return otherIds.sum();
  }

  /** From sending an event to each of its first arrivals, of those sent in a phase. */
  public Latencies deliveries(int phase) {
    return deliveries.get(phase);
  }

  private int usedPages() {
    return Math.ceilDiv(Math.min(sent.get(), MOST_EVENTS), LedgerPage.EVENTS);
  }

  private static int at(int event) {
    return event % LedgerPage.EVENTS;
  }

  private LedgerPage page(int event) {
    int index = event / LedgerPage.EVENTS;
    LedgerPage page = pages.get(index);
    if (page == null) {
      pages.compareAndSet(index, null, new LedgerPage(endpoints));
      page = pages.get(index);
    }
    return page;
  }
}
