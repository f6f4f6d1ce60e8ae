package dev.usher;

import dev.usher.command.UsherCommand;

/** Where the process begins. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(UsherCommand.run(arguments));
  }
}
