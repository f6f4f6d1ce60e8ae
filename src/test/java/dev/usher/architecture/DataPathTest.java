package dev.usher.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.MonitorInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the stages between the sender's request and the endpoint's answer must not do: each runs on
 * an event loop that thousands of requests share.
 */
class DataPathTest {
  private static final List<String> STAGES =
      List.of("door", "ingress", "verify", "dedupe", "journal", "dispatch", "deliver", "registry");
  private static final String[] PACKAGES =
      STAGES.stream().map(stage -> Code.ROOT + "." + stage + "..").toArray(String[]::new);

  private static final Set<String> BLOCKING =
      Set.of(
          "java.lang.Object.wait",
          "java.lang.Thread.join",
          "java.util.concurrent.CompletableFuture.get",
          "java.util.concurrent.CompletableFuture.join",
          "java.util.concurrent.CountDownLatch.await",
          "java.util.concurrent.Future.get",
          "java.util.concurrent.Semaphore.acquire",
          "java.util.concurrent.locks.LockSupport.park",
          "java.util.concurrent.locks.LockSupport.parkNanos",
          "io.vertx.core.Future.await",
          "io.vertx.core.Vertx.executeBlocking",
          "io.vertx.core.Context.executeBlocking",
          "java.net.InetAddress.getAllByName",
          "java.net.InetAddress.getByName");

  private static final Set<String> CLOCKS =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.time.Clock.systemUTC",
          "java.time.Clock.systemDefaultZone",
          "java.time.Instant.now",
          "java.time.InstantSource.system",
          "java.time.LocalDate.now",
          "java.time.LocalDateTime.now",
          "java.time.OffsetDateTime.now",
          "java.time.ZonedDateTime.now",
          "java.util.Date.<init>");

  @Test
  void nothingBlocksAnEventLoop() {
    noClasses()
        .that()
        .resideInAnyPackage(PACKAGES)
        .should()
        .accessTargetWhere(isOneOf(BLOCKING))
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("java.util.concurrent.locks..")
        .because("while one request waits in there, all others of its event loop wait with it")
        .allowEmptyShould(true)
        .check(Code.PRODUCTION);
  }

  @Test
  void nobodySleeps() {
    noClasses()
        .that()
        .resideOutsideOfPackage(Code.ROOT + ".store..") // waits for processes, before Vert.x exists
        .should()
        .accessTargetWhere(isOneOf(Set.of("java.lang.Thread.sleep")))
        .because("code waits by timers of Vert.x, and tests wait for conditions, never for time")
        .check(Code.PRODUCTION);
    noClasses()
        .should()
        .accessTargetWhere(isOneOf(Set.of("java.lang.Thread.sleep")))
        .because("a test that sleeps is too slow on one machine and too fast on another")
        .check(Code.TESTS);
  }

  @Test
  void noMethodIsSynchronized() {
    noMethods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAnyPackage(PACKAGES)
        .should()
        .haveModifier(JavaModifier.SYNCHRONIZED)
        .because("event loops share nothing, so there is nothing to lock")
        .allowEmptyShould(true)
        .check(Code.PRODUCTION);
  }

  // ArchUnit does not see synchronized blocks; the bytecode shows them.
  @Test
  void noBlockIsSynchronized() throws IOException {
    List<String> entered = new ArrayList<>();
    for (String stage : STAGES) {
      Path directory = Code.productionDirectory().resolve("dev/usher").resolve(stage);
      if (Files.isDirectory(directory)) {
        try (Stream<Path> files = Files.walk(directory)) {
          for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
            entered.addAll(methodsWithMonitors(ClassFile.of().parse(file)));
          }
        }
      }
    }
    assertThat(entered).as("event loops share nothing, so there is nothing to lock").isEmpty();
  }

  @Test
  void noStateIsStatic() {
    fields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAnyPackage(PACKAGES)
        .and()
        .areStatic()
        .should()
        .beFinal()
        .andShould(ArchCondition.from(notOfAMutableType()))
        .because("two gateways in one process, or two tests, must not meet in a static field")
        .allowEmptyShould(true)
        .check(Code.PRODUCTION);
  }

  @Test
  void theClockIsInjected() {
    noClasses()
        .that()
        .resideInAnyPackage(PACKAGES)
        .should()
        .accessTargetWhere(isOneOf(CLOCKS))
        .because("tests must be able to set the time: tolerances, leases and the seam at midnight")
        .allowEmptyShould(true)
        .check(Code.PRODUCTION);
  }

  @Test
  void verticlesAreVertx5Ones() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.vertx.core.AbstractVerticle")
        .because("VerticleBase starts and stops by futures; AbstractVerticle is its old form")
        .check(Code.PRODUCTION);
  }

  private static Stream<String> monitors(ClassModel type, MethodModel method) {
    return method.code().stream()
        .flatMap(code -> code.elementStream())
        .filter(MonitorInstruction.class::isInstance)
        .map(_ -> type.thisClass().asInternalName() + "." + method.methodName().stringValue())
        .distinct();
  }

  private static List<String> methodsWithMonitors(ClassModel type) {
    return type.methods().stream().flatMap(method -> monitors(type, method)).toList();
  }

  private static DescribedPredicate<JavaAccess<?>> isOneOf(Set<String> names) {
    return DescribedPredicate.describe(
        "one of " + names,
        access -> names.contains(access.getTargetOwner().getName() + "." + access.getName()));
  }

  // Constants are declared by the interfaces List, Set and Map and made by List.of and its kin.
  private static DescribedPredicate<JavaField> notOfAMutableType() {
    return DescribedPredicate.describe(
        "be of a type that cannot change",
        field -> {
          Class<?> type = field.getRawType().reflect();
          boolean isCollection =
              Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
          boolean isConstant =
              Set.of(List.class, Set.class, Map.class, EnumMap.class).contains(type);
          return (!isCollection || isConstant)
              && !type.getPackageName().equals("java.util.concurrent.atomic")
              && !type.equals(StringBuilder.class);
        });
  }
}
