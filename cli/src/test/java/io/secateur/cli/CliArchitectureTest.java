package io.secateur.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.secateur.cli", importOptions = ImportOption.DoNotIncludeTests.class)
class CliArchitectureTest {

  @ArchTest
  static final ArchRule ourOwnMethodsHaveNoPrivilege =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.secateur.methods..", "io.secateur.quantization..")
          .because("methods are found by name in the catalogs, whoever wrote them");

  @ArchTest
  static final ArchRule nativesAreNeverLoaded =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.djl..")
          .because("steps run in worker JVMs; the command line outlives what ends them");
}
