package io.secateur.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import ai.djl.ndarray.types.Shape;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.secateur.cli", importOptions = ImportOption.DoNotIncludeTests.class)
class CliArchitectureTest {
  private static final Class<?>[] CHILDREN = {
    CheckChild.class, EvaluateChild.class, NativesChild.class, PruneChild.class
  };

  @ArchTest
  static final ArchRule ourOwnMethodsHaveNoPrivilege =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.secateur.methods..", "io.secateur.quantization..")
          .because("methods are found by name in the catalogs, whoever wrote them");

  /** Of the engine's library only shapes, which are values, outside the children. */
  @ArchTest
  static final ArchRule nativesAreNeverLoaded =
      noClasses()
          .that(DescribedPredicate.not(belongToAnyOf(CHILDREN)))
          .should()
          .dependOnClassesThat(
              resideInAPackage("ai.djl..")
                  .and(DescribedPredicate.not(belongToAnyOf(Shape.class)))
                  .as("belong to DJL and are no shapes"))
          .because("steps run in JVMs of their own; the command line outlives what ends them");

  @ArchTest
  static final ArchRule childrenAreStartedNotCalled =
      noClasses()
          .that(DescribedPredicate.not(belongToAnyOf(CHILDREN)))
          .should()
          .dependOnClassesThat(belongToAnyOf(CHILDREN))
          .because("what they load must not be loaded here");
}
