package dev.usher.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class SteadySettingsTest {
  @Test
  void whatIsNotNamedHasItsDefault() {
    SteadySettings settings =
        SteadySettings.of(
            properties(Map.of("load.url", "http://h:1/in/src_1", "load.secret", "s")));

    assertThat(settings)
        .isEqualTo(
            new SteadySettings(
                URI.create("http://h:1/in/src_1"), "s", 100, 30, 250, 0, Optional.empty()));
  }

  @Test
  void allFaultsAreNamedAtOnce() {
    assertThatThrownBy(
            () ->
                SteadySettings.of(
                    properties(Map.of("load.url", "h:1", "load.rate", "0", "load.p99", "x"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            load.url: expected http://HOST:PORT/in/src_…, not 'h:1'
            load.secret: expected a value
            load.rate: expected 1 to 100000, not '0'
            load.p99: expected 1 to 60000, not 'x'\
            """);
  }

  private static Properties properties(Map<String, String> values) {
    Properties properties = new Properties();
    properties.putAll(values);
    return properties;
  }
}
