package dev.usher.load;

import dev.usher.load.SuiteSettings.Where;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.List;
import java.util.OptionalInt;

/**
 * The source that a run sends to. One that is made for the run is taken away with its organization
 * when the run is over, so that nothing is tried again and again afterwards.
 */
public final class Target implements AutoCloseable {
  private final URI url;
  private final String secret;
  private final Runnable end;
  private boolean ended;

  private Target(URI url, String secret, Runnable end) {
    this.url = url;
    this.secret = secret;
    this.end = end;
  }

  /** The gateway does not do what a run needs; the message says what to do about it. */
  public static final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;

    Unfit(String message) {
      super(message);
    }
  }

  /**
   * The source of the settings, with {@code endpoints} behind it where the run makes its own.
   *
   * @throws Unfit when no gateway answers or it refuses
   */
  public static Target of(SuiteSettings settings, List<URI> endpoints)
      throws Unfit, InterruptedException {
    return switch (settings.where()) {
      case Where.Source(URI url, String secret) -> new Target(url, secret, () -> {});
      case Where.Gateway gateway -> make(settings, gateway, endpoints);
    };
  }

  private static Target make(SuiteSettings settings, Where.Gateway gateway, List<URI> endpoints)
      throws Unfit, InterruptedException {
    try (ManagementApi api = new ManagementApi(gateway.control())) {
      String name = "Load test " + settings.suite().option();
      ManagementApi.Organization organization = api.createOrganization(gateway.adminKey(), name);
      Runnable end = settings.keep() ? () -> {} : () -> delete(gateway, organization);
      try {
        ManagementApi.Source source = api.createShowpassSource(organization, name);
        for (URI endpoint : endpoints) {
          api.createEndpoint(
              organization,
              "Receiver " + endpoint.getPath(),
              endpoint,
              ManagementApi.ALL,
              OptionalInt.empty());
        }
        return new Target(gateway.ingress().resolve(source.path()), source.secret(), end);
      } catch (IOException refused) {
        end.run();
        throw refused;
      }
    } catch (ConnectException nobodyThere) {
      throw new Unfit("no gateway answers at " + gateway.control());
    } catch (IOException refused) {
      throw new Unfit(
          "%s%n(The receivers listen at %s: is it in the gateway's USHER_DELIVERY_ALLOWED_NETWORKS?)"
              .formatted(refused.getMessage(), settings.receivers()));
    }
  }

  private static void delete(Where.Gateway gateway, ManagementApi.Organization organization) {
    try (ManagementApi api = new ManagementApi(gateway.control())) {
      api.deleteOrganization(gateway.adminKey(), organization);
    } catch (IOException failed) {
      System.err.println("run: " + organization.id() + " stays: " + failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** {@code http://HOST:PORT/in/src_…}. */
  public URI url() {
    return url;
  }

  /** The source's secret key. */
  public String secret() {
    return secret;
  }

  /** Deletes what was made for the run; does nothing the second time. */
  @Override
  public synchronized void close() {
    if (!ended) {
      ended = true;
      end.run();
    }
  }
}
