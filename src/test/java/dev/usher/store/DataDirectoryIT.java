package dev.usher.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.testing.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryIT {
  private final Path temporary;

  DataDirectoryIT(@TempDir Path temporary) {
    this.temporary = temporary;
  }

  @Test
  void keysAreMadeOnceAndStayTheSame() {
    Path path = temporary.resolve("not/there/yet");
    String adminKey;
    String masterKey;
    try (DataDirectory first = DataDirectory.open(path)) {
      adminKey = first.adminKey();
      masterKey = first.masterKey();
    }
    try (DataDirectory second = DataDirectory.open(path)) {
      assertThat(second.adminKey()).isEqualTo(adminKey).hasSize(43);
      assertThat(second.masterKey()).isEqualTo(masterKey).isNotEqualTo(adminKey);
      assertThat(Base64.getDecoder().decode(masterKey)).hasSize(32);
    }
  }

  @Test
  void nobodyElseCanReadThem() throws Exception {
    Path path = temporary.resolve("data");
    try (DataDirectory directory = DataDirectory.open(path)) {
      directory.adminKey();
      directory.masterKey();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rwx------");
    for (String name : new String[] {"admin.key", "master.key", "lock"}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.resolve(name))))
          .as(name)
          .isEqualTo("rw-------");
    }
  }

  @Test
  void aDamagedMasterKeyIsNotReplacedInSilence() throws Exception {
    try (DataDirectory directory = DataDirectory.open(temporary)) {
      Files.writeString(temporary.resolve("master.key"), "c2hvcnQ=\n");
      assertThatThrownBy(directory::masterKey)
          .isInstanceOf(StoreFailure.class)
          .hasMessageContaining("master.key")
          .hasMessageContaining("32 bytes in base64");
    }
  }

  @Test
  void aSecondGatewayOnTheSameDirectoryIsToldWhoHoldsIt() {
    try (ChildJvm gateway = ChildJvm.start(StoresChild.class, temporary.toString())) {
      gateway.await("holds");
      assertThatThrownBy(() -> DataDirectory.open(temporary))
          .isInstanceOf(DataDirectoryInUse.class)
          .hasMessageContaining(temporary.toString())
          .hasMessageContaining("process " + gateway.pid())
          .hasMessageContaining("USHER_DATA_DIR");
      gateway.await("redis "); // its servers are up: end them with it
      gateway.interrupt();
      gateway.awaitExit();
    }
    DataDirectory.open(temporary).close();
  }

  @Test
  void turningASecondGatewayAwayDoesNotLoseTheFirstOnesLock() {
    try (DataDirectory first = DataDirectory.open(temporary)) {
      assertThatThrownBy(
              () -> DataDirectory.open(first.path().resolve("../" + temporary.getFileName())))
          .isInstanceOf(DataDirectoryInUse.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid());
      try (ChildJvm other = ChildJvm.start(StoresChild.class, temporary.toString())) {
        assertThat(other.awaitExit()).isOne();
        assertThat(String.join("\n", other.lines()))
            .contains("is in use by process " + ProcessHandle.current().pid());
      }
    }
  }

  @Test
  void aDirectoryThatCannotBeMadeIsNamed() throws Exception {
    Path file = Files.createFile(temporary.resolve("file"));
    assertThatThrownBy(() -> DataDirectory.open(file.resolve("below")))
        .isInstanceOf(StoreFailure.class)
        .hasMessageContaining(file.toString());
  }
}
