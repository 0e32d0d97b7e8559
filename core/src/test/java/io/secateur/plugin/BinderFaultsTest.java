package io.secateur.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.sparsity.Amount;
import io.secateur.spi.LabelledStep;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Stage;
import io.secateur.spi.Step;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.nodes.Node;

class BinderFaultsTest {
  private final Faults faults = new Faults();

  @Test
  void reportsEveryFaultOfEverySettingAtOnce() {
    String text =
        """
        weighted:
          exponent: abc
          times: 1.5
          most: 99999999999999999999
          share: 1e99
          fast: yes
          note: [a]
          mode: per-colum
          sizes: 300
          tags: {a: b}
          rates: {fc1: 33 %, fc2: high}
          limit: 3000000000
          box: {height: 0, width: 1}
          exponnent: 2
          colour: red
        """;

    bind(text, PruningMethod.class);

    Golden.check("binder-settings", text());
  }

  @Test
  void reportsWrongChoicesWithTheRightOnes() {
    String text =
        """
        trim:
          method: plane
          granularity: {block: 3}
          scope: globl
          amount: {of-remaning: 0.33}
          schedule: [steady]
        """;

    bind(text, Stage.class);

    Golden.check("binder-choices", text());
  }

  @Test
  void reportsWhatAChoiceNeeds() {
    bind("{trim: {scope: tile, granularity: {block: {height: 2}}, amount: }}", Stage.class);

    Golden.check("binder-needs", text());
  }

  @Test
  void reportsRefusedValuesAtTheSettingThatIsRefused() {
    bind("learn:\n  learning-rate: 0.1\n  epochs: 0\n", Stage.class);
    bind("trim:\n  amount: 1.5\n  scope: {tile: 1}\n", Stage.class);
    bind("weighted:\n  times: 4\n  most: 3\n", PruningMethod.class);
    bind("{learn: {pace: fast}}", Stage.class);
    bind("{learn: {pace: yx}}", Stage.class);

    Golden.check("binder-refused-values", text());
  }

  @Test
  void reportsMisshapenSteps() {
    bind("- learn:\n  epochs: 2\n", Step.class);
    bind("learn:\nepochs: 2\n", LabelledStep.class);
    bind("{learn: {label: 'a b'}}", LabelledStep.class);
    bind("{learn: 5}", Step.class);
    bind("{plain: {speed: 1}}", PruningMethod.class);
    bind("{plain: 3}", PruningMethod.class);
    bind("{}", Step.class);
    bind("~", Step.class);
    bind("{learn: {label: dense}}", Step.class);
    bind("{rounds: {stages: [lern, {trim: {metod: plain}}]}}", Step.class);

    Golden.check("binder-steps", text());
  }

  @Test
  void saysWhereAPluginOfAnotherKindBelongs() {
    bind("{trim: {method: ladder}}", Stage.class);
    bind("{trim: {schedule: plain}}", Stage.class);
    bind("steady", Step.class);
    bind("ladder", Stage.class);

    Golden.check("binder-other-kinds", text());
  }

  @Test
  void givesNothingWhenAnythingIsWrong() {
    Node node = YamlDocument.read("[0.1, x, 0.2]", "s.yaml", faults).orElseThrow();

    Optional<List<Amount>> amounts =
        new Binder(Toys.catalogs(), faults).bindList(node, Amount.class);

    assertThat(amounts).isEmpty();
  }

  @Test
  void reportsTheSameFaultOnce() {
    Node node = YamlDocument.read("abc", "s.yaml", faults).orElseThrow();
    Binder binder = new Binder(Toys.catalogs(), faults);

    assertThat(binder.bind(node, int.class)).isEmpty();
    assertThat(binder.bind(node, int.class)).isEmpty();

    assertThat(faults.list()).hasSize(1);
  }

  private void bind(String text, Class<?> type) {
    Node node = YamlDocument.read(text, "s.yaml", faults).orElseThrow();
    assertThat(new Binder(Toys.catalogs(), faults).bind(node, type)).isEmpty();
  }

  private String text() {
    return faults.list().stream().map(Fault::toString).collect(Collectors.joining("\n"));
  }
}
