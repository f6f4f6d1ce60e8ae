package dev.usher.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line as a whole. */
@Command(
    name = "usher",
    description = "A webhook gateway: verifies, deduplicates, journals and delivers signed events.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      DemoCommand.class,
      ServeCommand.class,
      MigrateCommand.class,
      RotateMasterKeyCommand.class,
      SignCommand.class,
      ListenCommand.class,
      VersionCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 fine, 1 failed, 2 wrong usage or configuration.",
      "./usher test runs the tests; ./usher format formats the code."
    })
public final class UsherCommand implements Runnable {
  @picocli.CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Runs the command that {@code arguments} name; gives the exit code. */
  public static int run(String[] arguments) {
    return new CommandLine(new UsherCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, line, _) -> {
              String why = failure.getMessage();
              line.getErr().println("usher: " + (why == null ? failure.toString() : why));
              return CommandLine.ExitCode.SOFTWARE;
            })
        .execute(arguments);
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Name a command.");
  }
}
