package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.study.Plan.Node;
import io.secateur.study.Plan.Place;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private static List<Node> named(Plan plan, String name) {
    return plan.nodes().stream().filter(node -> node.name().equals(name)).toList();
  }

  @Test
  void runsWhatArmsShareOnce() {
    // 3 methods at 4 sparsities with 5 seeds, one prune and one tuning a round.
    Plan plan =
        Lab.plan(
            Lab.study(
                "seeds: 1..5",
                "pipeline:",
                "  - train",
                "  - rounds: {rounds: \"${rounds}\", stages: [prune: {cells: ${cells}}, tune]}",
                "grid:",
                "  cells: [1, 2, 3]",
                "  rounds: [2, 3, 4, 5]",
                "measure: [total]"));
    assertThat(plan.study().arms()).hasSize(12);
    assertThat(named(plan, "train")).hasSize(5);
    assertThat(named(plan, "prune")).hasSize(5 * 3 * 5);
    assertThat(named(plan, "tune")).hasSize(5 * 3 * 5);
    assertThat(named(plan, "total")).hasSize(5 * (1 + 3 * 5));
    assertThat(plan.places().stream().map(Place::measured).mapToInt(List::size).sum())
        .isEqualTo(5 * 3 * (3 + 4 + 5 + 6));
  }

  @Test
  void aGridMayVaryTheModel() {
    String text =
        Lab.study(
            "pipeline: [train, \"${then}\"]",
            "grid: {net: {fresh: toy-model, filed: toy-filed}, then: [prune, tune]}",
            "measure: [total]");
    Plan plan = Lab.plan(text.replace("model: toy-model", "model: ${net}"));
    assertThat(plan.study().arms()).extracting(Study.Arm::name).startsWith("fresh+prune");
    assertThat(plan.study().models()).containsExactly(new Toys.Model(), new Toys.Filed());
    List<Node> opened = named(plan, "open");
    assertThat(opened).hasSize(2);
    for (String model : List.of("toy-model", "toy-filed")) {
      Plan alone =
          Lab.plan(
              Lab.study("pipeline: [train, prune]", "measure: [total]")
                  .replace("model: toy-model", "model: " + model));
      assertThat(plan.byKey()).containsKeys(alone.byKey().keySet().toArray(String[]::new));
    }
    // Filed parameters are measured as they are opened, fresh ones are not.
    assertThat(plan.places())
        .filteredOn(place -> place.stage().equals("open"))
        .extracting(place -> place.measured().isEmpty())
        .containsExactly(true, true, false, false);
    assertThat(plan.model(named(plan, "tune").get(1))).isEqualTo(new Toys.Filed());
  }

  @Test
  void aModelOfTheGridThatDoesNotExistIsNamedWhereItStands() {
    String text =
        Lab.study("pipeline: [train]", "grid: {net: [toy-model, toy-modle]}", "measure: [total]")
            .replace("model: toy-model", "model: ${net}");
    assertThatThrownBy(() -> Lab.parse(text))
        .isInstanceOf(StudyException.class)
        .hasMessageStartingWith(
            "toy.yaml:6:25: there is no model 'toy-modle'. Did you mean 'toy-model'?");
  }

  @Test
  void refusesAMetricThatTheTestPartIsTooSmallFor() {
    assertThatThrownBy(
            () -> Lab.plan(Lab.study("pipeline: [train]", "measure: [{keeper: {example: 3}}]")))
        .isInstanceOf(StudyException.class)
        .hasMessage("toy.yaml: metric 'keeper': there is no test example 3");
  }

  @Test
  void putsWhatANodeNeedsBeforeIt() {
    Plan plan =
        Lab.plan(
            Lab.study(
                "seeds: [1, 2]",
                "pipeline: [train, rounds: {rounds: 2, stages: [prune, rewind: {step: 3}, train]}]",
                "measure: [total]"));
    Set<String> before = new HashSet<>();
    for (Node node : plan.nodes()) {
      assertThat(before).containsAll(node.needs());
      before.add(node.key());
    }
  }

  @Test
  void cutsATrainingWhereARewindGoesBackToAndKeepsItsKey() {
    String rewound = "rounds: {rounds: 1, stages: [prune, rewind: {epoch: 1}, train]}";
    Plan cut = Lab.plan(Lab.study("pipeline: [train, " + rewound + "]", "measure: [total]"));
    Plan uncut = Lab.plan(Lab.study("pipeline: [train]", "measure: [total]"));
    List<Node> trainings = named(cut, "train");
    Node open = named(cut, "open").get(0);
    assertThat(trainings).hasSize(3);
    assertThat(trainings.get(0).parent()).isEqualTo(open.key());
    assertThat(trainings.get(0).provenance()).contains("until 4");
    assertThat(trainings.get(1).parent()).isEqualTo(trainings.get(0).key());
    assertThat(trainings.get(1).key()).isEqualTo(named(uncut, "train").get(0).key());
    assertThat(((Plan.Run) named(cut, "rewind").get(0).work()).recalls())
        .containsValue(trainings.get(0).key());
  }

  @Test
  void chainsSeveralCutsOfOneTraining() {
    Plan plan =
        Lab.plan(
            Lab.study(
                    "pipeline: [train, ${back}]",
                    "grid: {back: {a: {rewind: {step: 6}}, b: {rewind: {step: 2}}}}",
                    "measure: [total]")
                .replace("[train, ${back}]", "\n  - train\n  - ${back}"));
    List<Node> trainings = named(plan, "train");
    assertThat(trainings).hasSize(3);
    assertThat(trainings.get(0).provenance()).contains("until 2");
    assertThat(trainings.get(1).provenance()).contains("until 6");
    assertThat(trainings.get(1).parent()).isEqualTo(trainings.get(0).key());
    assertThat(trainings.get(2).parent()).isEqualTo(trainings.get(1).key());
  }

  @Test
  void goesBackToTheEndOfARoundOfTheSameRounds() {
    Plan plan =
        Lab.plan(
            Lab.study(
                "pipeline: [train, rounds: {rounds: 2, stages: [prune, rewind: {round: 0}]}]",
                "measure: [total]"));
    List<Node> rewinds = named(plan, "rewind");
    assertThat(rewinds).hasSize(2);
    assertThat(rewinds)
        .allSatisfy(node -> assertThat(node.needs()).contains(named(plan, "train").get(0).key()));
    assertThatThrownBy(
            () ->
                Lab.plan(
                    Lab.study(
                        "pipeline: [rounds: {rounds: 2, stages: [prune, rewind: {round: 1}]}]",
                        "measure: [total]")))
        .hasMessageContaining("round 1 to go back to has not ended in round 1");
    assertThatThrownBy(
            () -> Lab.plan(Lab.study("pipeline: [train, rewind: {round: 0}]", "measure: [total]")))
        .hasMessageContaining(
            "round 0 to go back to is one of the rounds that a stage stands in, and it stands in"
                + " none");
  }

  @Test
  void refusesAFreshModelOfOneThatIsReadFromAFile() {
    String study = Lab.study("pipeline: [train, anew]", "measure: [total]");
    assertThat(named(Lab.plan(study), "anew")).hasSize(1);
    assertThatThrownBy(() -> Lab.plan(study.replace("toy-model", "toy-filed")))
        .hasMessageContaining(
            "model 'toy-filed' reads its first parameters from a file and has no others, which"
                + " 'anew' asks for");
  }

  @Test
  void rewindsToTheEndsOfATrainingWithoutCutting() {
    Plan plan =
        Lab.plan(
            Lab.study(
                "pipeline: [train, rewind: {epoch: 0}, rewind: {epoch: 2}]", "measure: [total]"));
    assertThat(named(plan, "train")).hasSize(1);
    assertThat(named(plan, "rewind").get(0).needs())
        .containsExactlyInAnyOrder(
            named(plan, "train").get(0).key(), named(plan, "open").get(0).key());
  }

  @Test
  void measuresBeforeTheFirstRoundAfterEveryRoundAndAtLabels() {
    Plan plan =
        Lab.plan(
            Lab.study(
                "pipeline:",
                "  - train: {label: warm}",
                "  - train: {epochs: 1}",
                "  - rounds: {rounds: 2, stages: [prune, tune]}",
                "measure: [total, accuracy]"));
    assertThat(plan.places())
        .extracting(Place::stage, Place::round, Place::label, p -> p.measured().size())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("open", 0, "", 0),
            org.assertj.core.groups.Tuple.tuple("train", 0, "warm", 2),
            org.assertj.core.groups.Tuple.tuple("train", 0, "", 2),
            org.assertj.core.groups.Tuple.tuple("prune", 1, "", 0),
            org.assertj.core.groups.Tuple.tuple("tune", 1, "", 2),
            org.assertj.core.groups.Tuple.tuple("prune", 2, "", 0),
            org.assertj.core.groups.Tuple.tuple("tune", 2, "", 2));
  }

  @Test
  void measuresTheEndOfAPipelineWithoutRounds() {
    Plan plan = Lab.plan(Lab.study("pipeline: [train, prune]", "measure: [total]"));
    assertThat(plan.places()).extracting(p -> p.measured().size()).containsExactly(0, 0, 1);
  }

  @Test
  void forgetsABranchAtItsEnd() {
    Plan plan = Lab.plan(Lab.study("pipeline: [train, control, tune]", "measure: [total]"));
    assertThat(plan.places())
        .extracting(Place::stage, Place::branch, p -> p.measured().size())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("open", "", 0),
            org.assertj.core.groups.Tuple.tuple("train", "", 1),
            org.assertj.core.groups.Tuple.tuple("prune", "", 1),
            org.assertj.core.groups.Tuple.tuple("prune", "more", 1),
            org.assertj.core.groups.Tuple.tuple("tune", "", 1));
    assertThat(named(plan, "tune").get(0).parent()).isEqualTo(named(plan, "prune").get(0).key());
  }

  @Test
  void numbersASecondRecipesRoundsOn() {
    Plan plan =
        Lab.plan(
            Lab.study(
                "pipeline: [rounds: {rounds: 2, stages: [prune]}, rounds: {rounds: 1, stages: [tune]}]",
                "measure: [total]"));
    assertThat(plan.places()).extracting(Place::round).containsExactly(0, 1, 2, 3);
  }

  @Test
  void givesAMetricNoPartInTheKeysOfSteps() {
    String pipeline = "pipeline: [train, rounds: {rounds: 2, stages: [prune]}]";
    Plan one = Lab.plan(Lab.study(pipeline, "measure: [total]"));
    Plan two = Lab.plan(Lab.study(pipeline, "measure: [total, accuracy]"));
    assertThat(two.byKey()).containsKeys(one.byKey().keySet().toArray(String[]::new));
  }

  @Test
  void tiesTimingsToTheirMachineAndNothingElse() {
    Study study = Lab.parse(Lab.study("pipeline: [train]", "measure: [total, jitter]"));
    Map<String, Node> here = Lab.planner("here").plan(study).byKey();
    Map<String, Node> there = Lab.planner("there").plan(study).byKey();
    assertThat(here.values().stream().filter(node -> !there.containsKey(node.key())))
        .extracting(Node::name)
        .containsExactly("jitter");
  }

  @Test
  void reportsEveryImpossibleCombinationWithItsPlace() {
    assertThatThrownBy(
            () ->
                Lab.plan(
                    Lab.study(
                        "seeds: [1, 2]",
                        "pipeline:",
                        "  - rewind: {epoch: 1}",
                        "  - train: {label: dense}",
                        "  - prune: {cells: 19}",
                        "  - rewind: {to: dens}",
                        "  - rewind: {epoch: 3}",
                        "  - rewind: {step: 9}",
                        "  - rounds: {rounds: 1, stages: [rounds: {rounds: 1, stages: [tune]}]}",
                        "measure: [total]")))
        .isInstanceOfSatisfying(
            StudyException.class, e -> Golden.check("plan-faults", String.join("\n", e.faults())));
  }

  @Test
  void reportsARecipeThatCannotStandThere() {
    assertThatThrownBy(
            () ->
                Lab.plan(
                    Lab.study(
                        "pipeline:",
                        "  - rounds: {rounds: 0, stages: [tune]}",
                        "measure: [total]")))
        .hasMessage("toy.yaml:6:5: rounds are 1 to 10000, was 0");
  }

  @Test
  void isTheSameInEveryProcess() {
    String text = Lab.study("pipeline: [train, prune, rewind]", "measure: [total]");
    assertThat(Lab.plan(text).digest()).isEqualTo(Lab.plan(text).digest());
    assertThat(Lab.plan(text, "seeds=[7]").digest()).isNotEqualTo(Lab.plan(text).digest());
  }

  @Test
  void drawsATreeOfThousandsOfRounds() {
    Plan plan =
        Lab.plan(
            Lab.study(
                "pipeline:", "  - rounds: {rounds: 5000, stages: [rewind]}", "measure: [total]"));
    assertThat(new PlanTree(plan, List.of(), 1, false).text()).contains("round 5000  rewind");
  }

  @Test
  void refusesALabelTwiceInAnArmButNotInItsRounds() {
    assertThatThrownBy(
            () ->
                Lab.plan(
                    Lab.study(
                        "pipeline:",
                        "  - train: {label: dense}",
                        "  - prune: {cells: 6, label: dense}",
                        "measure: [total]")))
        .hasMessage(
            "toy.yaml:7:5: the label 'dense' is that of an earlier stage already; each needs one of"
                + " its own");
    Plan plan =
        Lab.plan(
            Lab.study(
                "pipeline:",
                "  - rounds: {rounds: 2, stages: [prune: {cells: 6, label: pruned}]}",
                "measure: [total]"));
    assertThat(plan.places()).extracting(Plan.Place::label).contains("pruned");
  }

  @Test
  void drawsATreeOnceForAllSeeds() {
    Plan plan =
        Lab.plan(
            Lab.study(
                "seeds: [1, 2]",
                "pipeline:",
                "  - train: {label: dense}",
                "  - ${arm}",
                "grid:",
                "  arm:",
                "    once: {prune: {cells: 6}}",
                "    rewound: {rounds: {rounds: 2, stages: [prune, rewind: {step: 3}, train]}}",
                "measure: [total]"));
    Golden.check("tree", new PlanTree(plan, List.of(), 1, false).text().stripTrailing());
  }
}
