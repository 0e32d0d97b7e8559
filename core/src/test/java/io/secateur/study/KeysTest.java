package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.spi.Point;
import io.secateur.spi.Split;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Keys that change make every stored step expire: a golden file that changes must be meant to. */
class KeysTest {
  private final Keys keys = new Keys(type -> Optional.empty());

  @Test
  void stayWhatTheyWere() {
    StringBuilder text = new StringBuilder();
    Plan plan =
        Lab.plan(
            Lab.study(
                "pipeline:",
                "  - train: {epochs: 3, label: dense}",
                "  - rounds: {rounds: 2, stages: [prune: {cells: 4}, rewind: {epoch: 1}, tune]}",
                "measure: [total, jitter]"));
    plan.nodes()
        .forEach(node -> text.append(node.key()).append(' ').append(node.name()).append('\n'));
    plan.nodes().stream()
        .limit(3)
        .forEach(node -> text.append('\n').append(node.provenance()).append('\n'));
    Golden.check("keys", text.toString().stripTrailing());
  }

  @Test
  void leaveDefaultsOut() {
    assertThat(keys.stage("p", new Toys.Train(2, 10, 0, 0), 0, Map.of(), 0))
        .isEqualTo(keys.stage("p", new Toys.Train(), 0, Map.of(), 0))
        .doesNotContain("epochs");
  }

  @Test
  void holdSettingsOrdinalsRecallsAndCuts() {
    String plain = keys.stage("p", new Toys.Tune(), 0, Map.of(), 0);
    assertThat(
            List.of(
                keys.stage("q", new Toys.Tune(), 0, Map.of(), 0),
                keys.stage("p", new Toys.Prune(4), 0, Map.of(), 0),
                keys.stage("p", new Toys.Tune(), 1, Map.of(), 0),
                keys.stage("p", new Toys.Tune(), 0, Map.of(new Point.Init(), "k"), 0),
                keys.stage("p", new Toys.Tune(), 0, Map.of(), 7)))
        .doesNotContain(plain)
        .doesNotHaveDuplicates();
  }

  @Test
  void holdTheJarThatAPluginCameFrom() {
    Keys jarred = new Keys(type -> Optional.of("abc"));
    assertThat(jarred.stage("p", new Toys.Tune(), 0, Map.of(), 0))
        .contains("class io.secateur.study.Toys$Tune version 1 jar abc");
  }

  @Test
  void holdAMachineForTimingsOnly() {
    assertThat(keys.measurement("c", new Toys.Total(), Split.TEST, 0, ""))
        .doesNotContain("machine");
    assertThat(keys.measurement("c", new Toys.Jitter(), Split.TEST, 0, "m1"))
        .isNotEqualTo(keys.measurement("c", new Toys.Jitter(), Split.TEST, 0, "m2"));
  }

  @Test
  void keepALineFeedInASettingFromForgingALine() {
    String forged = keys.stage("p", new Toys.Rewind("x\nordinal 1", -1, -1, -1), 0, Map.of(), 0);
    assertThat(forged.lines()).noneMatch(line -> line.equals("ordinal 1"));
  }
}
