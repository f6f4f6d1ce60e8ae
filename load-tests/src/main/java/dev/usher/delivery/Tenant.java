package dev.usher.delivery;

import dev.usher.load.ManagementApi;
import dev.usher.process.UsherProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;

/** An organization with one source, and the endpoints that it is given. */
record Tenant(
    ManagementApi api, ManagementApi.Organization organization, ManagementApi.Source source) {

  static Tenant of(UsherProcess usher, ManagementApi api, String name)
      throws IOException, InterruptedException {
    ManagementApi.Organization organization = api.createOrganization(usher.adminKey(), name);
    return new Tenant(api, organization, api.createShowpassSource(organization, name));
  }

  /** An endpoint that gets every event of the organization. */
  Tenant with(URI url, JsonObject more) throws IOException, InterruptedException {
    api.createEndpoint(organization, "bench", url, ManagementApi.ALL, more);
    return this;
  }
}
