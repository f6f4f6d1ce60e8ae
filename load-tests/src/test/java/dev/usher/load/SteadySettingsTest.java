package dev.usher.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class SteadySettingsTest {
  @Test
  void aNamedSourceIsUsedAsItIs() {
    SteadySettings settings =
        SteadySettings.of(
            properties(Map.of("load.url", "http://h:1/in/src_1", "load.secret", "s")));

    assertThat(settings.destination())
        .isEqualTo(new SteadySettings.Destination.Source(URI.create("http://h:1/in/src_1"), "s"));
    assertThat(settings.rate()).isEqualTo(100);
    assertThat(settings.seconds()).isEqualTo(30);
    assertThat(settings.p99Millis()).isEqualTo(250);
    assertThat(settings.failed()).isZero();
    assertThat(settings.accepted()).isEmpty();
  }

  @Test
  void thePublicAddressIsOnePortBelowTheControlPortWhereItIsNotGiven() {
    SteadySettings settings =
        SteadySettings.of(
            properties(Map.of("load.control", "http://h:8081", "load.admin-key", "k")));

    assertThat(settings.destination())
        .isEqualTo(
            new SteadySettings.Destination.Created(
                URI.create("http://h:8081"), URI.create("http://h:8080"), "k"));
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
            load.url: expected http://HOST:PORT… or https://…, not 'h:1'
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
