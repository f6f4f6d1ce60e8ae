package dev.usher.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which package may know which, and which class which library. Rules wait for packages yet to come.
 */
class ArchitectureTest {
  /** What lies under every stage and knows none of them. */
  private static final Set<String> FOUNDATION =
      Set.of("event", "payload", "crypto", "config", "store", "filter", "trace", "door");

  /**
   * Verification is a function, without state or I/O: there is nothing that could take its place.
   */
  private static final Set<String> FUNCTIONS = Set.of("dev.usher.verify.Verifier");

  /** Whom each package may know besides itself. A new package has to be placed here first. */
  private static final Map<String, Set<String>> KNOWS =
      Map.ofEntries(
          entry("event", Set.of()),
          entry("payload", Set.of("event")),
          entry("filter", Set.of("event")),
          entry("crypto", Set.of("event")),
          entry("config", Set.of("event")),
          entry("store", Set.of("event", "crypto", "config")),
          entry("trace", Set.of("event", "config")),
          entry("door", Set.of("config")),
          entry("registry", Set.of("event", "crypto", "config", "store")),
          entry(
              "ingress",
              Set.of(
                  "event",
                  "payload",
                  "crypto",
                  "config",
                  "registry",
                  "verify",
                  "dedupe",
                  "journal",
                  "trace",
                  "door")),
          entry("verify", Set.of("event", "payload", "crypto")),
          entry("dedupe", Set.of("event", "config", "store")),
          entry(
              "journal",
              Set.of(
                  "event", "filter", "crypto", "config", "store", "dispatch", "deliver", "trace")),
          entry("watch", Set.of("event", "store")),
          entry("dispatch", Set.of("event", "config", "store", "registry", "deliver")),
          entry(
              "deliver",
              Set.of("event", "payload", "crypto", "config", "store", "registry", "trace")),
          entry(
              "control",
              Set.of(
                  "event",
                  "payload",
                  "filter",
                  "crypto",
                  "config",
                  "store",
                  "registry",
                  "journal",
                  "dispatch",
                  "door")),
          entry("console", Set.of("event", "payload", "crypto", "config", "store", "control")));

  /** The records of the configuration that are a package's own. */
  private static final Map<String, Set<String>> CONFIGURED_BY =
      Map.ofEntries(
          entry("store", Set.of("StoreConfig", "RetentionConfig", "DedupeConfig")),
          entry("trace", Set.of("TracingConfig")),
          entry("door", Set.of("Listener", "Tls")),
          entry("registry", Set.of()),
          entry("ingress", Set.of("IngressConfig", "Listener", "Tls")),
          entry("verify", Set.of()),
          entry("dedupe", Set.of("DedupeConfig")),
          entry("journal", Set.of("JournalConfig")),
          entry("dispatch", Set.of("DeliveryConfig")),
          entry("deliver", Set.of("DeliveryConfig", "Proxy", "Secret")),
          entry(
              "control",
              Set.of("ControlConfig", "ManagementConfig", "Listener", "Tls", "Durations")),
          entry("console", Set.of("ControlConfig", "Durations")));

  static Stream<String> packages() {
    return KNOWS.keySet().stream().sorted();
  }

  static Stream<String> configured() {
    return CONFIGURED_BY.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void aPackageKnowsOnlyWhatLiesUnderItAndLaterStages(String name) {
    Set<String> known = KNOWS.getOrDefault(name, Set.of());
    noClasses()
        .that(Code.resideIn(name))
        .should()
        .dependOnClassesThat(
            Code.are(
                "in packages of ours other than " + known,
                type ->
                    isOurs(type)
                        && !Code.stage(type).equals(name)
                        && !known.contains(Code.stage(type))))
        .because(
            "a newcomer reads the stages in the order of the data path, and each can be understood"
                + " and changed without the ones before it")
        .allowEmptyShould(true)
        .check(Code.PRODUCTION);
  }

  @Test
  void everyPackageHasItsPlaceInTheOrder() {
    Set<String> packages =
        Code.PRODUCTION.stream()
            .map(Code::stage)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toSet());
    assertThat(packages).isSubsetOf(Stream.concat(packages(), Code.TOP.stream()).toList());
  }

  @Test
  void packagesFormNoCycle() {
    slices()
        .matching(Code.ROOT + ".(*)..")
        .should()
        .beFreeOfCycles()
        .because("packages in a cycle are one package that pretends to be several")
        .allowEmptyShould(true)
        .check(Code.PRODUCTION);
  }

  @Test
  void eventsDependOnTheJdkOnly() {
    dependOnlyOn("event", "java..", "org.jspecify.annotations..")
        .because("the words of the domain outlive every library")
        .check(Code.PRODUCTION);
  }

  @Test
  void theLeavesAndTheConfigurationKnowHardlyALibrary() {
    dependOnlyOn("crypto", "java..", "javax.crypto..", "org.jspecify.annotations..")
        .because("what guards secrets must be reviewable against the JDK alone")
        .check(Code.PRODUCTION);
    dependOnlyOn("payload", "java..", "com.fasterxml.jackson.core..", "org.jspecify.annotations..")
        .because("it reads bytes from strangers: the parser is all it needs")
        .check(Code.PRODUCTION);
    dependOnlyOn("config", "java..", "org.yaml.snakeyaml..", "org.jspecify.annotations..")
        .because("the configuration is checked before Vert.x exists")
        .check(Code.PRODUCTION);
  }

  @Test
  void anotherStageIsKnownByItsInterfacesAndValues() {
    classes()
        .that(Code.are("in a stage", type -> isStage(Code.stage(type))))
        .should(knowOtherStagesByInterfacesAndValues())
        .because(
            "then a stage is tested without the ones behind it, and another journal can take the"
                + " place of Postgres")
        .allowEmptyShould(true)
        .check(Code.PRODUCTION);
  }

  @Test
  void onlyTheTopConstructsAcrossPackages() {
    classes()
        .that(Code.are("below the top", type -> KNOWS.containsKey(Code.stage(type))))
        .should(constructOnlyTheirOwn())
        .because(
            "all wiring stands beside Gateway, in Node and Pipelines, and is found nowhere else")
        .allowEmptyShould(true)
        .check(Code.PRODUCTION);
  }

  @ParameterizedTest
  @MethodSource("configured")
  void aStageSeesItsOwnConfigurationOnly(String name) {
    Set<String> own = CONFIGURED_BY.getOrDefault(name, Set.of());
    noClasses()
        .that(Code.resideIn(name))
        .should()
        .dependOnClassesThat(
            Code.are(
                "configuration other than " + own,
                type -> Code.stage(type).equals("config") && !own.contains(Code.outermost(type))))
        .because("its record says all that an operator can change about a stage")
        .allowEmptyShould(true)
        .check(Code.PRODUCTION);
  }

  @Test
  void controlAndConsoleNeverReachIntoIngressOrDeliver() {
    noClasses()
        .that(Code.resideIn("control", "console"))
        .should()
        .dependOnClassesThat(Code.resideIn("ingress", "deliver"))
        .because("what people do over the API must not be able to hold up the data path")
        .allowEmptyShould(true)
        .check(Code.PRODUCTION);
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses()
        .should()
        .haveNameMatching(".*(Manager|Helper|Utils?|Impl)(\\$.*)?")
        .because("such a name says nothing; an implementation is named by its technology")
        .check(Code.PRODUCTION);
  }

  @Test
  void everyPackageIsNullMarked() {
    classes()
        .that(Code.are("written by us, as templates' classes are not", ArchitectureTest::isOurs))
        .should(
            ArchCondition.from(
                Code.are(
                    "be in a package marked @NullMarked",
                    type -> type.getPackage().isAnnotatedWith(NullMarked.class))))
        .because("NullAway looks at marked packages only")
        .check(Code.PRODUCTION);
  }

  private static ArchCondition<JavaClass> knowOtherStagesByInterfacesAndValues() {
    return new ArchCondition<>("know other stages by their interfaces and values") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
          JavaClass target = dependency.getTargetClass().getBaseComponentType();
          if (isStage(Code.stage(target))
              && !Code.stage(target).equals(Code.stage(type))
              && !isInterfaceOrValue(target)) {
            events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
          }
        }
      }
    };
  }

  private static ArchCondition<JavaClass> constructOnlyTheirOwn() {
    return new ArchCondition<>("construct only what is their own, or a value") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (JavaConstructorCall call : type.getConstructorCallsFromSelf()) {
          JavaClass target = call.getTargetOwner();
          if (isOurs(target)
              && !Code.stage(target).equals(Code.stage(type))
              && !List.of("event", "payload", "crypto").contains(Code.stage(target))
              && !isInterfaceOrValue(target)) {
            events.add(SimpleConditionEvent.violated(type, call.getDescription()));
          }
        }
      }
    };
  }

  private static ArchRule dependOnlyOn(String name, String... libraries) {
    String[] allowed =
        Stream.concat(
                Stream.of(libraries),
                Stream.concat(Stream.of(name), KNOWS.getOrDefault(name, Set.of()).stream())
                    .map(known -> Code.ROOT + "." + known + ".."))
            .toArray(String[]::new);
    return classes()
        .that(Code.resideIn(name))
        .should()
        .onlyDependOnClassesThat(
            Code.are(
                "in " + List.of(allowed),
                type ->
                    type.getBaseComponentType().isPrimitive()
                        || JavaClass.Predicates.resideInAnyPackage(allowed)
                            .test(type.getBaseComponentType())))
        .allowEmptyShould(true);
  }

  private static boolean isStage(String name) {
    return KNOWS.containsKey(name) && !FOUNDATION.contains(name);
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().equals(Code.ROOT)
        || type.getPackageName().startsWith(Code.ROOT + ".");
  }

  private static boolean isInterfaceOrValue(JavaClass type) {
    return type.isInterface()
        || type.isRecord()
        || type.isEnum()
        || FUNCTIONS.contains(type.getName());
  }
}
