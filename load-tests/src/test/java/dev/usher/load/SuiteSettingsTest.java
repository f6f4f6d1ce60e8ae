package dev.usher.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.load.SuiteSettings.Where;
import java.net.URI;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SuiteSettingsTest {
  private static final Map<String, String> GATEWAY =
      Map.of("load.control", "http://h:8081", "load.admin-key", "k");

  @ParameterizedTest
  @EnumSource(Suite.class)
  void everySuiteHasDefaultsWithinTheirRanges(Suite suite) {
    SuiteSettings settings = SuiteSettings.of(suite, properties(GATEWAY));

    assertThat(settings.quantities()).isEqualTo(suite.defaults());
    assertThat(suite.defaults())
        .allSatisfy(
            (quantity, value) -> assertThat(value).isBetween(quantity.least(), quantity.most()));
    assertThat(Suite.of(suite.option())).contains(suite);
  }

  @Test
  void thePortsOfAGatewayStandInARow() {
    SuiteSettings settings = SuiteSettings.of(Suite.STEADY, properties(GATEWAY));

    assertThat(settings.where())
        .isEqualTo(
            new Where.Gateway(URI.create("http://h:8081"), "k", URI.create("http://h:8080")));
    assertThat(settings.management()).contains(URI.create("http://h:8082"));
    assertThat(settings.delivers()).isTrue();
  }

  @Test
  void aSourceThatIsThereIsSentToWithoutFollowingDeliveries() {
    SuiteSettings settings =
        SuiteSettings.of(
            Suite.STEADY,
            properties(Map.of("load.url", "http://h:1/in/src_1", "load.secret", "s")));

    assertThat(settings.where())
        .isEqualTo(new Where.Source(URI.create("http://h:1/in/src_1"), "s"));
    assertThat(settings.delivers()).isFalse();
  }

  @Test
  void allFaultsAreNamedAtOnce() {
    assertThatThrownBy(
            () ->
                SuiteSettings.of(
                    Suite.STEADY,
                    properties(
                        Map.of(
                            "load.url",
                            "h:1",
                            "load.rate",
                            "0",
                            "load.p99",
                            "x",
                            "load.ramp",
                            "1"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            load.ramp: steady has no such
            load.url: expected http://HOST:PORT…, not 'h:1'
            load.secret: expected a value
            load.rate: expected 1 to 100000, not '0'
            load.p99: expected 1 to 60000, not 'x'\
            """);
  }

  @Test
  void aRunThatCouldNotBeFollowedToItsEndIsRefusedAtItsBeginning() {
    assertThatThrownBy(
            () ->
                SuiteSettings.of(
                    Suite.SOAK,
                    properties(
                        Map.of(
                            "load.control",
                            "http://h:8081",
                            "load.admin-key",
                            "k",
                            "load.rate",
                            "1000",
                            "load.seconds",
                            "86400"))))
        .hasMessageContaining("a run can follow 33,554,432 events");
  }

  private static Properties properties(Map<String, String> values) {
    Properties properties = new Properties();
    properties.putAll(values);
    return properties;
  }
}
