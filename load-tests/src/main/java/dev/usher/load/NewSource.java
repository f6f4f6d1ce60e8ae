package dev.usher.load;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;

/**
 * Makes an organization and a source on a running gateway, for a load test to send to.
 *
 * <p>Arguments: the address of the management API, the admin key, the public address. Prints the
 * source's whole address and its secret key, a line each, and ends with 0, or with 1 and what was
 * wrong.
 */
public final class NewSource {
  private NewSource() {}

  public static void main(String[] args) throws InterruptedException {
    URI control = URI.create(args[0]);
    try (ManagementApi api = new ManagementApi(control)) {
      ManagementApi.Organization organization = api.createOrganization(args[1], "Load test");
      ManagementApi.Source source = api.createShowpassSource(organization, "Load test");
      System.out.println(URI.create(args[2]).resolve(source.path()));
      System.out.println(source.secret());
    } catch (ConnectException nobodyThere) {
      fail("no gateway answers at " + control);
    } catch (IOException failed) {
      fail(failed.toString());
    }
  }

  private static void fail(String message) {
    System.err.println("run: " + message);
    System.exit(1);
  }
}
