package dev.usher.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * As whom the embedded Postgres runs: it refuses to run as root, where containers often start us.
 */
enum ServerUser {
  /** As ourselves: we are not root. */
  SELF(""),

  /**
   * In a user namespace that maps nobody: to itself root is no longer root, its files stay its own.
   */
  NAMESPACE("unshare -U"),

  /**
   * As the system's {@code nobody}, for containers whose seccomp filter forbids namespaces. It may
   * pass over file permissions, since the data directory can lie below one that only root may
   * enter.
   */
  NOBODY(
      "setpriv --reuid=65534 --regid=65534 --clear-groups"
          + " --securebits=+no_setuid_fixup"
          + " --inh-caps=-all,+dac_override --ambient-caps=-all,+dac_override");

  private static final int NOBODY_ID = 65534;
  private static final int ROOT_ID = 0;

  private final String prefix;

  ServerUser(String prefix) {
    this.prefix = prefix;
  }

  /**
   * The first way that works here.
   *
   * @throws StoreFailure when we are root and none does
   */
  static ServerUser detect() {
    if (!isRoot()) {
      return SELF;
    }
    for (ServerUser user : List.of(NAMESPACE, NOBODY)) {
      if (user.works()) {
        return user;
      }
    }
    throw new StoreFailure(
        "the embedded Postgres does not run as root, and neither unshare nor setpriv may be used"
            + " here: start Usher as another user, or set USHER_POSTGRES_URI and USHER_REDIS_URI");
  }

  boolean works() {
    return Command.succeeds(
        line(List.of("sh", "-c", "test \"$(id -u)\" != " + ROOT_ID)).toArray(String[]::new));
  }

  /** The command line that runs {@code command} as this user. */
  List<String> line(List<String> command) {
    List<String> line = new ArrayList<>();
    if (!prefix.isEmpty()) {
      line.addAll(List.of(prefix.split(" ", -1)));
    }
    line.addAll(command);
    return line;
  }

  /** Gives {@code directory} and all in it to this user, where an earlier start had another one. */
  void own(Path directory) throws IOException {
    int wanted = this == NOBODY ? NOBODY_ID : ROOT_ID;
    if (this == SELF || owner(directory) == wanted) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.setAttribute(file, "unix:uid", wanted, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:gid", wanted, LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  private static boolean isRoot() {
    Path self = Path.of("/proc/self");
    try {
      return Files.exists(self) && owner(self) == ROOT_ID;
    } catch (IOException e) {
      return false; // Postgres itself will say so
    }
  }

  private static int owner(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:uid");
  }
}
