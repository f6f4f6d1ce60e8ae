package dev.usher;

import java.util.ArrayList;
import java.util.List;

/** What a node does besides the data path, all of it begun together and ended together. */
final class Background {
  private record Work(Runnable start, Runnable stop) {}

  private final List<Work> works = new ArrayList<>();

  void add(Runnable start, Runnable stop) {
    works.add(new Work(start, stop));
  }

  void start() {
    works.forEach(work -> work.start.run());
  }

  /** Also where it was never started. */
  void stop() {
    works.forEach(work -> work.stop.run());
  }
}
