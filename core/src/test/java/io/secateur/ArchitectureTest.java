package io.secateur;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;

/** The dependency picture of {@code docs/architecture.md}, and what only some packages may do. */
@AnalyzeClasses(packages = "io.secateur", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /** Classes that may write to the standard streams, each with its reason. */
  private static final Map<String, String> STANDARD_STREAMS =
      Map.of(
          "io.secateur.study.LoadedClasses", "what the JVM says there about them is kept quiet",
          "io.secateur.study.Worker", "its standard output is the event stream to the runner");

  /** Classes that may make native memory outside its owners, each with its reason. */
  private static final Map<String, String> NATIVE_MEMORY =
      Map.of(
          "io.secateur.builtin.Latency", "each timed call gives back what it made",
          "io.secateur.model.Between", "it closes what a layer makes on the way");

  /** Classes that may read the wall clock, each with its reason. */
  private static final Map<String, String> WALL_CLOCK =
      Map.of(
          "io.secateur.SecateurModule", "the composition root binds the Clock that all others use");

  @ArchTest
  static void packagesUseOnlyThoseAboveThem(JavaClasses classes) {
    layers(picture()).check(classes);
  }

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching("io.secateur.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

  @ArchTest
  static final ArchRule theAlgebraKnowsNoEngine =
      noClasses()
          .that()
          .resideInAPackage("io.secateur.sparsity..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.djl..")
          .because("selection, ties and counts are exact and the same on every device")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule nativeMemoryIsNamedOnlyWhereTensorsAre =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.secateur",
              "io.secateur.sparsity..",
              "io.secateur.plugin..",
              "io.secateur.zoo..",
              "io.secateur.study..",
              "io.secateur.report..")
          .and(areNot(NATIVE_MEMORY))
          .should()
          .dependOnClassesThat(belongToAnyOf(NDManager.class, NDScope.class))
          .because("values leave the engine as floats, masks and checkpoints")
          .allowEmptyShould(true);

  // model and spi name a manager in signatures; builtin's metrics and data's examples use the one
  // that they are handed: none makes one.
  @ArchTest
  static final ArchRule nativeMemoryHasFewOwners =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.secateur.calibrate..",
              "io.secateur.prune..",
              "io.secateur.train..",
              "io.secateur.evaluate..",
              "io.secateur.stage..",
              "io.secateur.conformance..")
          .and(areNot(NATIVE_MEMORY))
          .should()
          .callMethodWhere(
              target(nameMatching("newBaseManager|newSubManager"))
                  .and(target(owner(belongToAnyOf(NDManager.class)))))
          .orShould()
          .callConstructor(NDScope.class)
          .because("who makes a manager or a scope closes it")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule standardStreamsBelongToTheCommandLine =
      noClasses()
          .that(areNot(STANDARD_STREAMS))
          .should(ACCESS_STANDARD_STREAMS)
          .because("a library logs")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule seedsAreArguments =
      noClasses()
          .should()
          .callConstructor(Random.class)
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callMethod(ThreadLocalRandom.class, "current")
          .because("the same study gives the same numbers")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule timeComesFromAClock =
      noClasses()
          .that(areNot(WALL_CLOCK))
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(LocalDate.class, "now")
          .orShould()
          .callMethod(LocalDateTime.class, "now")
          .orShould()
          .callMethod(OffsetDateTime.class, "now")
          .orShould()
          .callMethod(ZonedDateTime.class, "now")
          .orShould()
          .callMethodWhere(
              target(nameMatching("system.*")).and(target(owner(belongToAnyOf(Clock.class)))))
          .because("the Clock is injected; durations are System.nanoTime")
          .allowEmptyShould(true);

  /** Who may use whom: reads the lines {@code a, b → c, d} of the page. */
  private static Map<String, Set<String>> picture() {
    Path page = Path.of(System.getProperty("secateur.root", ".."), "docs", "architecture.md");
    Map<String, Set<String>> picture = new TreeMap<>();
    try {
      String block = Files.readString(page).split("Who may use whom", 2)[1].split("```", 3)[1];
      for (String line : block.strip().lines().toList()) {
        String[] sides = line.split("→", 2);
        Set<String> used = sides.length == 1 ? Set.of() : Set.of(sides[1].strip().split(", ", -1));
        for (String room : sides[0].strip().split(", ", -1)) {
          picture.put(room, used);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return picture;
  }

  private static ArchRule layers(Map<String, Set<String>> mayUse) {
    LayeredArchitecture layers =
        layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.secateur..")
            .withOptionalLayers(true)
            .ensureAllClassesAreContainedInArchitecture()
            .layer("root")
            .definedBy("io.secateur")
            .whereLayer("root")
            .mayNotBeAccessedByAnyLayer();
    for (String name : mayUse.keySet()) {
      layers = layers.layer(name).definedBy("io.secateur." + name + "..");
    }
    for (String name : mayUse.keySet()) {
      Set<String> usable = reachable(name, mayUse);
      layers =
          usable.isEmpty()
              ? layers.whereLayer(name).mayNotAccessAnyLayer()
              : layers.whereLayer(name).mayOnlyAccessLayers(usable.toArray(String[]::new));
    }
    return layers;
  }

  private static Set<String> reachable(String name, Map<String, Set<String>> mayUse) {
    Set<String> names = new TreeSet<>();
    for (String direct : mayUse.getOrDefault(name, Set.of())) {
      names.add(direct);
      names.addAll(reachable(direct, mayUse));
    }
    return names;
  }

  /** Neither one of those classes nor nested in one. */
  private static DescribedPredicate<JavaClass> areNot(Map<String, String> exceptions) {
    return DescribedPredicate.describe(
        exceptions.isEmpty() ? "are any" : "are not " + String.join(", ", exceptions.keySet()),
        type ->
            exceptions.keySet().stream()
                .noneMatch(
                    name -> type.getName().equals(name) || type.getName().startsWith(name + "$")));
  }
}
