package io.mammatus.launcher;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** How the house is built; at most ten rules, each with its reason. */
class HouseRulesTest {

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.mammatus");

  private static void check(ArchRule rule) {
    rule.check(HOUSE);
  }

  @Test
  void coreIsPure() {
    check(
        classes()
            .that()
            .resideInAPackage("io.mammatus.core..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.mammatus.core..", "java..", "org.jspecify..")
            .because("decisions are plain functions: where testing and thinking are cheapest"));
  }

  @Test
  void codecsAreBytesAndRecords() {
    check(
        classes()
            .that()
            .resideInAPackage("io.mammatus.protocols..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "io.mammatus.protocols..", "io.mammatus.core..", "java..", "org.jspecify..")
            .because("a codec that needs a socket or a clock cannot be fed hostile bytes alone"));
  }

  @Test
  void nothingPureLooksAtTheWorld() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage("io.mammatus.core..", "io.mammatus.protocols..")
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.util.UUID.class, "randomUUID")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net..", "java.nio.file..", "java.nio.channels..")
            .because("the same log gives the same cloud on every machine and in every replay"));
  }

  @Test
  void servicesMeetInTheLog() {
    check(
        slices()
            .assignedFrom(Services.SLICES)
            .should()
            .notDependOnEachOther()
            .because("killing any service costs the others nothing; they share core and the log"));
  }

  /** The packages of each service. */
  private static final class Services {
    static final com.tngtech.archunit.library.dependencies.SliceAssignment SLICES =
        new com.tngtech.archunit.library.dependencies.SliceAssignment() {
          @Override
          public com.tngtech.archunit.library.dependencies.SliceIdentifier getIdentifierOf(
              com.tngtech.archunit.core.domain.JavaClass type) {
            for (String service : java.util.List.of("control", "pxe", "metadata", "agent", "cli")) {
              if (type.getPackageName().equals("io.mammatus." + service)
                  || type.getPackageName().startsWith("io.mammatus." + service + ".")) {
                return com.tngtech.archunit.library.dependencies.SliceIdentifier.of(service);
              }
            }
            return com.tngtech.archunit.library.dependencies.SliceIdentifier.ignore();
          }

          @Override
          public String getDescription() {
            return "the services";
          }
        };
  }

  @Test
  void onlyTheStoreTouchesTheDatabase() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.mammatus.store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "io.vertx.pgclient..", "io.vertx.sqlclient..", "java.sql..", "org.flywaydb..")
            .because("what is durable, and in which order, is decided in one place"));
  }

  @Test
  void testHelpersStayInTests() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.mammatus.store.testing..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.mammatus.store.testing..")
            .because("its databases are thrown away"));
  }

  @Test
  void onlyDriversTouchWhatTheyDrive() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.mammatus.agent..")
            .and(not(resideInAnyPackage("io.mammatus.agent.lxd..", "io.mammatus.agent")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.mammatus.agent.lxd..", "io.vertx.core.http..")
            .because("the loop knows desired, actual and steps; LXD is one driver among others"));
  }

  @Test
  void theCommandLineKnowsTheHttpApiOnly() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.mammatus.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.mammatus.store..", "io.mammatus.control..")
            .because("what it can do, everybody's program can"));
  }

  @Test
  void logsGoThroughThePlatformsOwnLogger() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(
                "io.mammatus.platform.logging..") // which sets up what is behind
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.logging..", "org.slf4j..", "org.apache.log4j..")
            .because(
                "System.Logger is in every JDK, and whoever runs this chooses what is behind"));
  }
}
