package dev.usher.load;

import java.io.IOException;
import java.net.URI;

/**
 * A source to which a load test sends.
 *
 * @param url the whole address, {@code http://HOST:PORT/in/src_…}
 * @param secret the source's secret key
 */
public record Target(URI url, String secret) {

  /**
   * The source that was named, or a new one in a new organization of the gateway.
   *
   * @throws IOException when the management API cannot be reached or refuses
   */
  public static Target of(SteadySettings.Destination destination)
      throws IOException, InterruptedException {
    return switch (destination) {
      case SteadySettings.Destination.Source(URI url, String secret) -> new Target(url, secret);
      case SteadySettings.Destination.Created(URI control, URI ingress, String adminKey) -> {
        try (ManagementApi api = new ManagementApi(control)) {
          ManagementApi.Organization organization = api.createOrganization(adminKey, "Load test");
          ManagementApi.Source source = api.createShowpassSource(organization, "Load test");
          yield new Target(ingress.resolve(source.path()), source.secret());
        }
      }
    };
  }
}
