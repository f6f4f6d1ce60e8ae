package dev.usher.delivery;

import dev.usher.process.ChildProcesses;
import dev.usher.process.StoreFiles;
import dev.usher.process.UsherProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gateways on the same stores: the first brings them, and the others come and go. */
final class Nodes {
  private static final int EVENT_LOOPS = 2;

  private final ChildProcesses children;
  private final Path repository;
  private final Path work;

  Nodes(ChildProcesses children, Path repository, Path work) {
    this.children = children;
    this.repository = repository;
    this.work = work;
  }

  /** One with embedded stores of its own. */
  UsherProcess first() throws IOException, InterruptedException {
    return UsherProcess.start(children, settings("Usher-1", Map.of()));
  }

  /** Another on the stores of {@code first}. */
  UsherProcess another(UsherProcess first, String name) throws IOException, InterruptedException {
    StoreFiles stores = new StoreFiles(first.data());
    Map<String, String> environment = new HashMap<>();
    environment.put("USHER_POSTGRES_URI", stores.postgresUri());
    environment.put("USHER_REDIS_URI", stores.redisUri());
    environment.put("USHER_ADMIN_KEY", first.adminKey());
    environment.put("USHER_MASTER_KEY", stores.masterKey());
    return UsherProcess.start(children, settings(name, environment));
  }

  private UsherProcess.Settings settings(String name, Map<String, String> environment) {
    return new UsherProcess.Settings(repository, EVENT_LOOPS, List.of(), environment, work, name);
  }
}
