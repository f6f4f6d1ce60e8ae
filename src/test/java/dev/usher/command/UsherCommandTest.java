package dev.usher.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exit codes: 2 for what was asked for in a wrong way, 0 for what was answered. */
class UsherCommandTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "wait",
        "serve --nothing",
        "serve now",
        "demo --exit",
        "demo --events 0",
        "demo --events -5 --exit",
        "demo --events many",
        "listen --port 70000",
        "listen --port -1",
        "listen --status 99",
        "listen --status 600",
        "listen --delay -1",
        "migrate",
        "sign",
        "sign --scheme nobodys --secret s --file pom.xml",
        "sign --scheme showpass --secret s --file target/there/is/none.json",
      })
  void wrongUsageEndsWithTwo(String line) {
    String[] arguments = line.isEmpty() ? new String[0] : line.split(" ", -1);
    assertThat(UsherCommand.run(arguments)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "--version",
        "version",
        "demo --help",
        "serve --help",
        "migrate --help",
        "sign --help",
        "listen --help",
        "version --help",
        "rotate-master-key --help"
      })
  void helpAndVersionEndWithNought(String line) {
    assertThat(UsherCommand.run(line.split(" ", -1))).isZero();
  }
}
