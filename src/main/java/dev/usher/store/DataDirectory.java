package dev.usher.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The directory in which a gateway without outside stores keeps everything: keys, embedded Postgres
 * and Redis. One process holds it at a time, by a lock that ends with the process however it ends.
 */
public final class DataDirectory implements AutoCloseable {
  /** The file in it that holds the admin key. */
  public static final String ADMIN_KEY = "admin.key";

  private static final int KEY_BYTES = 32;
  private static final String LOCK_FILE = "lock";
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final SecureRandom RANDOM = new SecureRandom();

  // POSIX drops a process's lock when the process closes any descriptor of the file, so a second
  // gateway in this process must be turned away before it opens the file.
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private DataDirectory(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Creates the directory where it is missing (mode 0700) and takes its lock.
   *
   * @throws DataDirectoryInUse when another gateway holds it
   * @throws StoreFailure when it cannot be created or written
   */
  public static DataDirectory open(Path directory) {
    try {
      Files.createDirectories(directory, OWNER_ONLY_DIRECTORY);
      Path path = directory.toRealPath();
      if (!HELD_HERE.add(path)) {
        throw new DataDirectoryInUse(path, Long.toString(ProcessHandle.current().pid()));
      }
      try {
        return new DataDirectory(path, lock(path));
      } catch (IOException | RuntimeException e) {
        HELD_HERE.remove(path);
        throw e;
      }
    } catch (IOException e) {
      throw unusable(directory, e);
    }
  }

  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path.resolve(LOCK_FILE),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            OWNER_ONLY_FILE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new DataDirectoryInUse(path, holder(channel));
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable String holder(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(20);
    channel.read(buffer, 0);
    String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).strip();
    return text.matches("\\d+") ? text : null;
  }

  /** The directory itself, absolute and without symbolic links. */
  public Path path() {
    return path;
  }

  /**
   * The key that may do everything over the management API: made at the first call, the same ever
   * after.
   *
   * @throws StoreFailure when it cannot be read or written
   */
  public String adminKey() {
    return secret(ADMIN_KEY, Base64.getUrlEncoder().withoutPadding());
  }

  /**
   * The key that encrypts stored secrets, 32 bytes in base64: made at the first call, the same ever
   * after.
   *
   * @throws StoreFailure when it cannot be read or written, or when its file holds anything else
   */
  public String masterKey() {
    String key = secret("master.key", Base64.getEncoder());
    try {
      if (Base64.getDecoder().decode(key).length == KEY_BYTES) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      // the same fault as a wrong length
    }
    throw new StoreFailure(
        path.resolve("master.key") + " does not hold 32 bytes in base64: restore it from a backup");
  }

  /**
   * The secret kept in the file {@code name}, readable by the owner only; made where it is missing.
   */
  String secret(String name, Base64.Encoder encoder) {
    Path file = path.resolve(name);
    try {
      if (!Files.exists(file)) {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        writePrivately(file, encoder.encodeToString(key) + "\n");
      }
      String key = Files.readString(file).strip();
      if (key.isEmpty()) {
        throw new StoreFailure(file + " is empty: restore it from a backup");
      }
      return key;
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  /** Writes {@code text} for the owner only, wholly or not at all even when the machine stops. */
  static void writePrivately(Path file, String text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    try (FileChannel out =
        FileChannel.open(
            draft,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            OWNER_ONLY_FILE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static StoreFailure unusable(Path file, IOException cause) {
    String reason =
        cause instanceof FileSystemException e && e.getReason() != null
            ? e.getReason()
            : cause.getClass().getSimpleName();
    return new StoreFailure("cannot use " + file + ": " + reason, cause);
  }

  /** Lets the next gateway have it. Stop the embedded stores before. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      HELD_HERE.remove(path);
    }
  }
}
