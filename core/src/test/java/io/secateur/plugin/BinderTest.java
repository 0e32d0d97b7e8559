package io.secateur.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Scope;
import io.secateur.spi.LabelledStep;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Stage;
import io.secateur.spi.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.nodes.Node;

class BinderTest {
  private final Faults faults = new Faults();

  @Test
  void bindsAPluginByItsNameAlone() {
    assertThat(bound("plain", PruningMethod.class)).isEqualTo(new Toys.Plain());
  }

  @ParameterizedTest
  @ValueSource(strings = {"learn", "{learn: {}}", "{learn: }", "{learn: null}", "learn:"})
  void takesTheDefaultsOfAPluginWithoutSettings(String text) {
    assertThat(bound(text, Stage.class)).isEqualTo(new Toys.Learn());
  }

  @Test
  void bindsEveryPlainTypeOfSetting() {
    String text =
        """
        weighted:
          exponent: 2
          times: -3
          most: 9000000000
          share: 0.3
          fast: true
          note: 007
          mode: per-column
          sizes: [300, 100]
          tags: [a, b, a]
          rates: {fc1.weight: 0.1, fc3.weight: 1e-3}
          limit: 5
          box: {height: 3, width: 4}
        """;

    assertThat(bound(text, PruningMethod.class))
        .isEqualTo(
            new Toys.Weighted(
                2,
                -3,
                9_000_000_000L,
                0.3f,
                true,
                "007",
                Toys.Mode.PER_COLUMN,
                List.of(300, 100),
                Set.of("a", "b"),
                Map.of("fc1.weight", 0.1, "fc3.weight", 0.001),
                Optional.of(5),
                new Toys.Box(3, 4)));
  }

  @Test
  void keepsTheDefaultsOfSettingsLeftOut() {
    Toys.Weighted bound = (Toys.Weighted) bound("{weighted: {times: 1}}", PruningMethod.class);

    assertThat(bound.times()).isEqualTo(1);
    assertThat(bound.sizes()).containsExactly(1, 2);
  }

  @Test
  void bindsChoicesByNameByValueAndBySettings() {
    String text =
        """
        trim:
          method: {weighted: {exponent: 3}}
          granularity: {block: {height: 2, width: 3}}
          scope: {tile: 4}
          amount: {of-remaining: 0.33}
        """;

    Toys.Trim trim = (Toys.Trim) bound(text, Stage.class);

    assertThat(trim.granularity()).isEqualTo(new Granularity.Block(2, 3));
    assertThat(trim.scope()).isEqualTo(new Scope.Tile(4));
    assertThat(trim.amount()).isEqualTo(new Amount.OfRemaining(0.33));
    assertThat(((Toys.Weighted) trim.method()).exponent()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"row", "{row: }", "{row: {}}"})
  void takesAChoiceWithoutSettingsHoweverItIsWritten(String text) {
    assertThat(bound(text, Scope.class)).isEqualTo(new Scope.Row());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{tile: 4}", "{tile: {width: 4}}"})
  void takesTheOneSettingOfAChoiceWithAndWithoutItsName(String text) {
    assertThat(bound(text, Scope.class)).isEqualTo(new Scope.Tile(4));
  }

  @Test
  void givesAPlainNumberToTheFactoryOfNumbers() {
    assertThat(bound("0.25", Amount.class)).isEqualTo(new Amount.OfAll(0.25));
  }

  @Test
  void givesAPlainWordToTheFactoryOfText() {
    assertThat(bound("3x", Toys.Pace.class)).isEqualTo(new Toys.Pace.Times(3));
  }

  @Test
  void findsAlternativesWithinAlternatives() {
    assertThat(bound("warm", Toys.Pace.class)).isEqualTo(new Toys.Pace.Warm());
    assertThat(bound("{warm: {steps: 3}}", Toys.Pace.class)).isEqualTo(new Toys.Pace.Warm(3, 0.1));
  }

  @Test
  void bindsEnumsInsideChoices() {
    assertThat(bound("{slice: kernel-row}", Granularity.class))
        .isEqualTo(new Granularity.Slice(Granularity.Axis.KERNEL_ROW));
  }

  @Test
  void takesTheLabelOutOfAStep() {
    assertThat(bound("{learn: {epochs: 2, label: dense}}", LabelledStep.class))
        .isEqualTo(new LabelledStep(new Toys.Learn(2, 0.001, new Toys.Pace.Times(1)), "dense"));
  }

  @Test
  void takesALabelBesideAStepToo() {
    assertThat(bound("{learn: {epochs: 2}, label: dense}", LabelledStep.class))
        .isEqualTo(new LabelledStep(new Toys.Learn(2, 0.001, new Toys.Pace.Times(1)), "dense"));
  }

  @Test
  void leavesTheLabelEmptyWhereThereIsNone() {
    assertThat(bound("ladder", LabelledStep.class))
        .isEqualTo(new LabelledStep(new Toys.Ladder(), ""));
  }

  @Test
  void bindsStepsWithinARecipe() {
    String text = "{rounds: {rounds: 5, stages: [{trim: {amount: 0.2}}, {learn: {label: a}}]}}";

    Toys.Rounds rounds = (Toys.Rounds) bound(text, Step.class);

    assertThat(rounds.rounds()).isEqualTo(5);
    assertThat(rounds.stages()).extracting(LabelledStep::label).containsExactly("", "a");
  }

  @Test
  void readsAMappingAsThePluginThatHasASettingOfItsOwnName() {
    Step flat = bound("{rounds: 5, stages: [learn]}", Step.class);

    assertThat(flat).isEqualTo(bound("{rounds: {rounds: 5, stages: [learn]}}", Step.class));
    assertThat(bound("{rounds: 3}", Step.class)).isEqualTo(new Toys.Rounds(3, List.of()));
  }

  @Test
  void bindsAListOfPlugins() {
    Optional<Node> node = YamlDocument.read("[plain, {weighted: {}}]", "s.yaml", faults);

    Optional<List<PruningMethod>> methods =
        new Binder(Toys.catalogs(), faults).bindList(node.orElseThrow(), PruningMethod.class);

    assertThat(methods).contains(List.of(new Toys.Plain(), new Toys.Weighted()));
  }

  @Test
  void keepsTheOrderOfAMap() {
    Toys.Weighted bound =
        (Toys.Weighted) bound("{weighted: {rates: {z: 1, a: 2, m: 3}}}", PruningMethod.class);

    assertThat(bound.rates().keySet()).containsExactly("z", "a", "m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{weighted: {limit: }}", "{weighted: {limit: none}}"})
  void takesNothingAndNoneForAnOptionalSetting(String text) {
    assertThat(((Toys.Weighted) bound(text, PruningMethod.class)).limit()).isEmpty();
  }

  @Test
  void bindsPrimitivesDirectly() {
    assertThat(bound("5", int.class)).isEqualTo(5);
    assertThat(bound("-.inf", double.class)).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  private <T> T bound(String text, Class<T> type) {
    Node node = YamlDocument.read(text, "s.yaml", faults).orElseThrow();
    Optional<T> value = new Binder(Toys.catalogs(), faults).bind(node, type);
    assertThat(faults.list()).isEmpty();
    return value.orElseThrow();
  }
}
