package io.secateur.methods.magnitude;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.calibrate.Calibration;
import io.secateur.plugin.Binder;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.Fault;
import io.secateur.plugin.Faults;
import io.secateur.plugin.YamlDocument;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Scope;
import io.secateur.spi.Step;
import io.secateur.stage.Prune;
import io.secateur.stage.RewindTo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What a study file writes becomes the stage or recipe meant, or a line that says what is wrong.
 */
class WrittenTest {
  private final Faults faults = new Faults();

  private Optional<Step> read(String yaml) {
    return YamlDocument.read(yaml, "study.yaml", faults)
        .flatMap(node -> new Binder(Catalogs.load(List.of()), faults).bind(node, Step.class));
  }

  private List<String> faults(String yaml) {
    Optional<Step> read = read(yaml);
    assertThat(faults.list()).as("%s", read).isNotEmpty();
    return faults.list().stream().map(Fault::toString).toList();
  }

  @Test
  void aPruneStageWithAllItsSettings() {
    assertThat(
            read(
                """
                prune:
                  method: random
                  granularity: {block: {height: 1, width: 4}}
                  scope: layer
                  amount: {of-remaining: 0.33}
                  amounts: {"fc1*": 0.5, "fc2.weight": {count: 3}}
                  exclude: [out.weight]
                  include: ["*.bias"]
                  calibration: {examples: 128}
                """))
        .contains(
            new Prune(
                Optional.of(new RandomScores()),
                new Granularity.Block(1, 4),
                new Scope.Layer(),
                Optional.of(new Amount.OfRemaining(.33)),
                Map.of("fc1*", new Amount.OfAll(.5), "fc2.weight", new Amount.Count(3)),
                List.of("out.weight"),
                List.of("*.bias"),
                Optional.empty(),
                new Calibration(128, 64)));
    assertThat(faults.list()).isEmpty();
  }

  @Test
  void theLotteryTicketsWithTheirRates() {
    assertThat(
            read(
                "imp: {rounds: 21, rate: 0.2, rates: {fc3.weight: 0.1}, scope: layer, rewind:"
                    + " {step: 500}}"))
        .contains(
            new Imp(
                21,
                .2,
                Map.of("fc3.weight", .1),
                new RewindTo.Step(500),
                new L1(),
                new Scope.Layer(),
                List.of()));
  }

  @Test
  void aRecipeAsAMethodIsExplained() {
    assertThat(faults("prune: {method: imp, amount: 0.5}"))
        .singleElement()
        .asString()
        .contains("'imp' is a recipe, not a pruning method")
        .contains("- imp: {");
  }

  @Test
  void wrongSettingsAreFaultsWhereTheyStand() {
    assertThat(faults("prune: {method: l1, scope: global, amount: 0.5, amounts: {a: 0.2}}"))
        .singleElement()
        .asString()
        .contains("study.yaml:1:")
        .contains("amounts by name do not go with scope global");
  }
}
