package dev.usher.journal;

import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.Hash128;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events that are written together. Of several events with one key only the first goes to the
 * store; the others follow its fate, so that a store never sees a key twice in a batch.
 */
final class Batch {
  private static final Logger LOG = LoggerFactory.getLogger(Batch.class);

  private final List<Event> events = new ArrayList<>();
  private final List<Consumer<Appended>> answers = new ArrayList<>();
  private final Map<Hash128, Integer> positions = new HashMap<>();
  private final List<Follower> followers = new ArrayList<>();
  private int weight;

  private record Follower(int leader, Event event, Consumer<Appended> answer) {}

  void add(Event event, Consumer<Appended> answer) {
    weight += event.weight();
    Integer leader = positions.putIfAbsent(event.keyHash(), events.size());
    if (leader == null) {
      events.add(event);
      answers.add(answer);
    } else {
      followers.add(new Follower(leader, event, answer));
    }
  }

  /** The events to write, no two of the same key. */
  List<Event> events() {
    return events;
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  /** Requests that wait for this batch: events and their followers. */
  int requests() {
    return events.size() + followers.size();
  }

  /** Bytes that the waiting requests hold. */
  int weight() {
    return weight;
  }

  /** Answers everybody; {@code fates} are those of {@link #events()}. */
  void complete(List<BatchWriter.Fate> fates) {
    for (int i = 0; i < fates.size(); i++) {
      answer(answers.get(i), answerOf(fates.get(i), events.get(i)));
    }
    for (Follower follower : followers) {
      answer(follower.answer, answerOf(follower, fates.get(follower.leader)));
    }
  }

  /** Tells everybody that the batch was not written. */
  void fail() {
    answers.forEach(waiting -> answer(waiting, Appended.Unavailable.INSTANCE));
    followers.forEach(follower -> answer(follower.answer, Appended.Unavailable.INSTANCE));
  }

  /** Whoever waits runs in here: what goes wrong with one must not keep the others waiting. */
  private static void answer(Consumer<Appended> waiting, Appended appended) {
    try {
      waiting.accept(appended);
    } catch (RuntimeException e) {
      LOG.error("An event's answer could not be given", e);
    }
  }

  private Appended answerOf(Follower follower, BatchWriter.Fate leadersFate) {
    if (leadersFate instanceof BatchWriter.Fate.Accepted) {
      Event leader = events.get(follower.leader);
      return known(leader.id(), leader.bodyHash(), follower.event);
    }
    return answerOf(leadersFate, follower.event);
  }

  private static Appended answerOf(BatchWriter.Fate fate, Event event) {
    return switch (fate) {
      case BatchWriter.Fate.Accepted _ -> Appended.Accepted.INSTANCE;
      case BatchWriter.Fate.Known(EventId first, Hash128 bodyHash) -> known(first, bodyHash, event);
      case BatchWriter.Fate.Undecided _ -> Appended.Unavailable.INSTANCE;
    };
  }

  private static Appended known(EventId first, Hash128 bodyHash, Event event) {
    return new Appended.Known(first, bodyHash.equals(event.bodyHash()));
  }
}
