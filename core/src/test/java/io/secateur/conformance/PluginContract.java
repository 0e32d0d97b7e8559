package io.secateur.conformance;

import io.secateur.data.DataLocations;
import io.secateur.plugin.Catalogs;
import io.secateur.spi.DataFiles;
import io.secateur.spi.Plugin;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * A test that a plugin keeps the rules of its kind, a named test for each rule. The contract of a
 * kind is implemented by the test of a plugin:
 *
 * <pre>{@code
 * class MyMethodTest implements PruningMethodContract {
 *   @Override
 *   public PruningMethod plugin() {
 *     return new MyMethod();
 *   }
 * }
 * }</pre>
 *
 * What cannot be tried, because files or settings are missing, is a test that is skipped and says
 * why.
 */
@Tag("engine")
public interface PluginContract<P extends Plugin> {
  /** Returns the plugin with the settings that it is to be tried with. */
  P plugin();

  /** Returns where it is registered: by default what is on the class path. */
  default Catalogs catalogs() {
    return Catalogs.load(List.of());
  }

  /** Returns where data sets are looked for: by default where the command line looks. */
  default DataFiles files() {
    return DataLocations.of(Optional.empty());
  }

  /** Tries every rule. */
  @TestFactory
  default Stream<DynamicTest> keepsTheRulesOfItsKind() {
    return tests(new Conformance(catalogs(), files()), plugin());
  }

  /** Returns a test for each rule of a plugin. */
  static Stream<DynamicTest> tests(Conformance conformance, Plugin plugin) {
    return conformance.rules(plugin).stream()
        .map(rule -> DynamicTest.dynamicTest(rule.name(), () -> require(rule)));
  }

  private static void require(Rule rule) {
    Findings findings = rule.check();
    if (!findings.violations().isEmpty()) {
      Assertions.fail(
          findings.violations().stream()
              .map(Violation::toString)
              .collect(Collectors.joining(System.lineSeparator())));
    }
    if (!findings.untried().isEmpty()) {
      Assumptions.abort("not tried: " + String.join("; ", findings.untried()));
    }
  }
}
