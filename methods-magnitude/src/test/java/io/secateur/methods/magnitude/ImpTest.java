package io.secateur.methods.magnitude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Checkpoint;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Scope;
import io.secateur.spi.Examples;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Point;
import io.secateur.spi.Recipe;
import io.secateur.spi.Recipe.Element;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Stop;
import io.secateur.spi.Task;
import io.secateur.stage.Control;
import io.secateur.stage.Prune;
import io.secateur.stage.RandomMask;
import io.secateur.stage.Rewind;
import io.secateur.stage.RewindTo;
import io.secateur.stage.Train;
import io.secateur.train.Optimizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ImpTest {
  private static final Optimizer ADAM = new Train().optimizer();
  private static final Element FIRST = new Element.Run(new Train(1, ADAM, 32));
  private static final Element LAST = new Element.Run(new Train(2, ADAM, 60));

  private static Imp lenet() {
    return new Imp(
        2, .2, Map.of("fc3.*", .1), new RewindTo.Init(), new L1(), new Scope.Layer(), List.of());
  }

  @Test
  void unfoldsIntoRoundsOfPruneRewindAndTheLastTraining() {
    Imp imp =
        new Imp(
            2,
            .33,
            Map.of(),
            new RewindTo.Epoch(1),
            new RandomScores(),
            new Scope.Global(),
            List.of("out.*"));

    List<Element> elements = imp.expand(List.of(FIRST, new Element.Label("warm"), LAST));

    assertThat(elements).hasSize(10);
    assertThat(elements.get(0)).isEqualTo(new Element.RoundStart(1, 2));
    assertThat(elements.get(2)).isEqualTo(new Element.Run(new Rewind(new RewindTo.Epoch(1))));
    assertThat(elements.get(3)).isEqualTo(LAST);
    assertThat(elements.get(4)).isEqualTo(new Element.RoundEnd(1));
    assertThat(elements.get(5)).isEqualTo(new Element.RoundStart(2, 2));
    assertThat(elements.get(6)).isEqualTo(elements.get(1));
    Prune prune = prune(elements);
    assertThat(prune.method()).contains(new RandomScores());
    assertThat(prune.amount()).contains(new Amount.OfRemaining(.33));
    assertThat(prune.scope()).isEqualTo(new Scope.Global());
    assertThat(prune.exclude()).containsExactly("out.*");
  }

  @Test
  void comparesAndBranchesBehindTheTrainingOfARound() {
    Stop stop = new Stop(Optional.empty(), 1, Split.VALIDATION, 3);
    Imp imp =
        new Imp(
            2,
            .2,
            Map.of(),
            new RewindTo.LearningRate(),
            new L1(),
            new Scope.Global(),
            List.of(),
            Optional.of(stop),
            List.of(Control.RANDOM_MASK));

    List<Element> elements = imp.expand(List.of(LAST));

    assertThat(elements).hasSize(14);
    assertThat(elements.get(4)).isEqualTo(new Element.Check(stop));
    // The weights stay as they are in such a round, so the control begins before the first.
    assertThat(elements.get(5))
        .isEqualTo(
            new Element.Branch(
                "random-mask",
                List.of(
                    new Element.Run(new RandomMask()),
                    new Element.Run(new Rewind(new RewindTo.Round(0))),
                    LAST)));
    assertThat(elements.get(6)).isEqualTo(new Element.RoundEnd(1));
  }

  private static Prune prune(List<Element> elements) {
    return (Prune) ((Element.Run) elements.get(1)).step();
  }

  @Test
  void ratesByNameBecomeAmountsByName() {
    assertThat(prune(lenet().expand(List.of(LAST))).amounts())
        .containsExactly(Map.entry("fc3.*", new Amount.OfRemaining(.1)));
  }

  @Test
  void needsATrainingBeforeIt() {
    assertThatThrownBy(() -> new Imp().expand(List.of(new Element.Run(new Prune()))))
        .hasMessage(
            "imp needs a train stage before it, which it repeats in every round: write - train"
                + " before - imp");
  }

  @Test
  void cannotStandInTheRoundsOfAnotherRecipe() {
    assertThatThrownBy(() -> new Imp().expand(List.of(FIRST, new Element.RoundStart(1, 3), LAST)))
        .hasMessage("imp has rounds of its own and cannot stand inside those of another recipe");
  }

  @Test
  void refusesSettingsOutOfRange() {
    assertThatThrownBy(() -> imp(0, .2, Map.of()))
        .hasMessage("rounds must be from 1 to 10000, was 0");
    assertThatThrownBy(() -> imp(10_001, .2, Map.of()))
        .hasMessage("rounds must be from 1 to 10000, was 10001");
    assertThatThrownBy(() -> imp(1, 1, Map.of()))
        .hasMessage("rate must be between 0 and 1, was 1.0");
    assertThatThrownBy(() -> imp(1, .5, Map.of("fc1*", .2)))
        .hasMessage(
            "rates by name give every weight a budget of its own, which is scope layer; add 'scope:"
                + " layer', or use rate alone");
    assertThatThrownBy(() -> imp(1, .5, Map.of("fc1*", -.2)))
        .hasMessage("the rate of fc1* must be between 0 and 1, was -0.2");
  }

  private static Imp imp(int rounds, double rate, Map<String, Double> rates) {
    return new Imp(
        rounds, rate, rates, new RewindTo.Init(), new L1(), new Scope.Global(), List.of());
  }

  @Test
  void isFoundByName() {
    assertThat(ServiceLoader.load(Recipe.class)).extracting(Recipe::name).contains("imp");
  }

  @Test
  @Tag("engine")
  void itsPruneStageReachesTheLevelsOfThePaper() throws IOException {
    Task task = new Task.Classification(new Shape(1, 28, 28), 10);
    ModelSource source =
        ServiceLoader.load(ModelSource.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(model -> model.name().equals("lenet-300-100"))
            .findFirst()
            .orElseThrow();
    Checkpoint model = source.open(task, 1);
    Prune prune = prune(lenet().expand(List.of(LAST)));
    assertThat(prune.faults(model.architecture(), task)).isEmpty();
    ImpLevels levels = ImpLevels.of(ImpLevels.LENET);
    Listening context = new Listening(task);
    for (int level = 1; level <= 4; level++) {
      model = prune.at(level, 4).run(model, context);
      List<Long> remaining = new ArrayList<>();
      for (String name : List.of("fc1.weight", "fc2.weight", "fc3.weight")) {
        remaining.add(model.mask(name).survivors());
      }
      assertThat(remaining).as("level " + level).isEqualTo(levels.remaining().get(level));
    }
    assertThat(context.said()).endsWith("global  156,918 / 266,200 (58.95 %)");
  }

  /** What the stage says; it needs nothing else. */
  private record Listening(Task task, List<String> said) implements Stage.Context {
    Listening(Task task) {
      this(task, new ArrayList<>());
    }

    @Override
    public Examples data(Split split) {
      throw new AssertionError("magnitudes need no data");
    }

    @Override
    public Device device() {
      return Device.cpu();
    }

    @Override
    public long seed(String purpose) {
      return 1;
    }

    @Override
    public Checkpoint recall(Point point) {
      throw new AssertionError("a prune stage recalls nothing");
    }

    @Override
    public void record(Stage.Row row) {}

    @Override
    public void say(String line) {
      said.add(line);
    }

    @Override
    public void progress(long done, long total) {}
  }
}
