package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.plugin.Catalogs;
import io.secateur.spi.ControlArm;
import io.secateur.spi.Controls;
import io.secateur.spi.Controls.Beside;
import io.secateur.spi.Recipe.Element;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ComparingFileTest {
  private static final String ARMS =
      """
      seeds: [1, 2]
      pipeline: [train, "${arm}"]
      grid: {arm: {a: {prune: {cells: 1}}, b: {prune: {cells: 2}}, c: tune}}
      measure: [total, accuracy, hits]
      """;

  private static Comparing comparing(String... rest) {
    return Lab.parse(Lab.study(ARMS + String.join("\n", rest))).comparing();
  }

  private static void refused(String rest, String... messages) {
    assertThatThrownBy(() -> comparing(rest))
        .isInstanceOf(StudyException.class)
        .satisfies(
            thrown -> assertThat(((StudyException) thrown).faults().toString()).contains(messages));
  }

  @Test
  void comparesAllArmsByTheFirstMetricOfPredictions() {
    assertThat(comparing()).isEqualTo(new Comparing("hits", List.of(), List.of()));
    assertThat(Lab.parse(Lab.study("pipeline: [train]", "measure: [total]")).comparing().primary())
        .isEmpty();
  }

  @Test
  void readsWhatIsComparedAndByWhat() {
    Comparing read = comparing("report: {primary: total, compare: [[b, a], [c, a]], by: arm}");

    assertThat(read.primary()).isEqualTo("total");
    assertThat(read.compare()).containsExactly(List.of("b", "a"), List.of("c", "a"));
  }

  @Test
  void readsControls() {
    assertThat(comparing("controls: standard").controls()).containsExactly(ControlArm.values());
    assertThat(comparing("controls: [random-mask, dense]").controls())
        .containsExactly(ControlArm.RANDOM_MASK, ControlArm.DENSE);
  }

  @Test
  void saysWhatIsWrongAndWhatWouldBeRight() {
    refused("controls: [random-msk]", "there is no control 'random-msk'", "random-mask");
    refused("controls: [dense, dense]", "'dense' is there already");
    refused("controls: all", "expected 'standard', which is all controls");
    refused("controls: []", "expected 'standard'");
    refused("report: {primary: acuracy}", "not by 'acuracy'", "accuracy");
    refused("report: {compare: [[a, d]]}", "there is no arm 'd' to compare", "There are: a, b, c");
    refused("report: {compare: [[a, a]]}", "'a' cannot be compared with itself");
    refused("report: {compare: [[a, b], [b, a]]}", "this pair is there already");
    refused("report: {compare: [a, b]}", "[[imp, one-shot]]");
  }

  /** Prunes another cell, and tunes nothing. */
  private static final Controls OTHER =
      (control, arm) -> {
        if (control == ControlArm.RANDOM_MASK) {
          return new Beside.Branches(
              Map.of(arm.elements().size(), new Element.Branch("random-mask", List.of(tune()))));
        }
        List<Optional<Element>> changed =
            new ArrayList<>(arm.elements().stream().map(Optional::of).toList());
        changed.set(changed.size() - 1, Optional.of(tune()));
        return control == ControlArm.DENSE
            ? new Beside.Changed(changed)
            : new Beside.None(control == ControlArm.RANDOM_REINIT ? "" : "it has no part here");
      };

  private static Element tune() {
    Catalogs catalogs = Toys.catalogs();
    return new Element.Run(catalogs.of(Stage.class).named("tune").defaults());
  }

  private static Plan plan(String rest) {
    Surroundings surroundings = new Surroundings(new Lab.NoFiles(), "engine 1", "cpu", "machine");
    return new Planner(new Keys(type -> Optional.empty()), surroundings, OTHER, Optional.empty())
        .plan(Lab.parse(Lab.study(ARMS + rest)));
  }

  @Test
  void plansControlsAsBranchesAndChangesNoKeyOfTheArms() {
    Plan without = plan("");
    Plan with = plan("controls: standard");

    Set<String> keys = with.byKey().keySet();
    assertThat(keys).containsAll(without.byKey().keySet());
    assertThat(with.places()).containsAll(without.places());
    assertThat(with.places().stream().map(Plan.Place::branch).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder("", "random-mask", "dense");
    List<Plan.Place> dense =
        with.places().stream()
            .filter(place -> place.branch().equals("dense") && place.arm().equals("a"))
            .toList();
    assertThat(dense).hasSize(2).allMatch(place -> place.stage().equals("tune"));
    assertThat(dense).allMatch(place -> !place.measured().isEmpty());
    assertThat(with.without().get(0))
        .isEqualTo("a: no control magnitude-global, magnitude-layer: it has no part here");
    assertThat(with.without()).hasSize(3);
    assertThat(without.without()).isEmpty();
  }

  @Test
  void leavesOutAControlThatCannotBePlanned() {
    Controls beyond =
        (control, arm) ->
            new Beside.Branches(
                Map.of(
                    arm.elements().size(),
                    new Element.Branch("dense", List.of(new Element.Run(new Impossible())))));
    Plan plan =
        new Planner(
                new Keys(type -> Optional.empty()),
                new Surroundings(new Lab.NoFiles(), "engine 1", "cpu", "machine"),
                beyond,
                Optional.empty())
            .plan(Lab.parse(Lab.study(ARMS + "controls: [dense]")));

    assertThat(plan.without()).contains("a: no control dense: this cannot be");
    assertThat(plan.nodes()).noneMatch(node -> node.name().equals("impossible"));
  }

  /** A stage that no plan takes. */
  record Impossible() implements Stage {
    @Override
    public String name() {
      return "impossible";
    }

    @Override
    public List<String> faults(Architecture architecture, Task task) {
      return List.of("this cannot be");
    }

    @Override
    public Checkpoint run(Checkpoint input, Context context) {
      return input;
    }
  }
}
