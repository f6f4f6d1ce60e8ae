package dev.usher.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** Sends signals that Java itself cannot. */
public final class Signals {
  private Signals() {}

  /**
   * Sends a signal and returns when it is sent.
   *
   * @param name without {@code SIG}
   * @param pid a process, or the negative id of a group
   */
  public static void send(String name, long pid) {
    assertThat(Math.abs(pid)).as("a process of ours").isGreaterThan(1);
    try {
      Process kill =
          new ProcessBuilder("sh", "-c", "kill -s " + name + " -- " + pid).inheritIO().start();
      assertThat(kill.waitFor()).as("kill -s %s %s", name, pid).isZero();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
