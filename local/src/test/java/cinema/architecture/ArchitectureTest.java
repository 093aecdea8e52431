package cinema.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The house rules of ARCHITECTURE.md. */
@AnalyzeClasses(packages = "cinema", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule services_meet_only_in_shared =
      slices().matching("cinema.(order|snackbar|alarm|view)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule only_stores_touch_the_sql_client =
      noClasses()
          .that()
          .haveSimpleNameNotEndingWith("Store")
          .and()
          .doNotHaveFullyQualifiedName("cinema.shared.service.Database")
          // Reads the same URL, for Flyway.
          .and()
          .doNotHaveFullyQualifiedName("cinema.shared.service.Schema")
          // Hands the Stores the connection of the transaction that it tells events with.
          .and()
          .doNotHaveFullyQualifiedName("cinema.shared.events.Outbox")
          // Has the plans of the Stores' statements told, for tests.
          .and()
          .doNotHaveFullyQualifiedName("cinema.shared.testing.Bench")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.pgclient..");

  @ArchTest
  static final ArchRule the_contract_knows_no_vertx =
      noClasses()
          .that()
          .resideInAPackage("cinema.shared.contract..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.vertx..",
              "org.apache.kafka..",
              "cinema.shared.events..",
              "cinema.shared.service..");

  @ArchTest
  static final ArchRule how_services_start_knows_no_events =
      noClasses()
          .that()
          .resideInAPackage("cinema.shared.service..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("cinema.shared.events..");

  @ArchTest
  static final ArchRule shared_knows_no_service =
      noClasses()
          .that()
          .resideInAPackage("cinema.shared..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "cinema.order..",
              "cinema.snackbar..",
              "cinema.alarm..",
              "cinema.view..",
              "cinema.local..");

  @ArchTest
  static final ArchRule the_servers_know_nothing_of_the_cinema =
      classes()
          .that()
          .resideInAPackage("cinema.servers..")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages("cinema.shared..", "cinema.local..", "cinema.order..");

  @ArchTest
  static final ArchRule apis_write_no_sql_and_stores_answer_no_http =
      noClasses()
          .that()
          .haveSimpleNameEndingWith("Store")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.vertx.ext.web..");
}
