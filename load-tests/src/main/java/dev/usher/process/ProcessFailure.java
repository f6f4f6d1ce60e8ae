package dev.usher.process;

/**
 * A process did not do what the run needs of it; the message is meant for the person at the screen.
 */
public final class ProcessFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ProcessFailure(String message) {
    super(message);
  }
}
