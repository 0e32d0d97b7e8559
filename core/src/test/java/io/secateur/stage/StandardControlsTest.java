package io.secateur.stage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDArray;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Scope;
import io.secateur.spi.ControlArm;
import io.secateur.spi.Controls;
import io.secateur.spi.Controls.Beside;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Recipe.Element;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Stage;
import io.secateur.spi.Statistics;
import io.secateur.spi.Step;
import io.secateur.spi.Weight;
import io.secateur.train.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StandardControlsTest {
  /** A method that is known by its name alone. */
  record Named(String name) implements ScoringMethod {
    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      throw new IllegalStateException("nothing is scored here");
    }
  }

  private static final PruningMethod L1 = new Named("l1");
  private static final Train TRAIN = new Train();
  private static final FineTune TUNE = new FineTune();
  private static final Element DENSE = new Element.Label("dense");

  private final Controls controls = new StandardControls();

  private static Prune prune(PruningMethod method, Scope scope) {
    return OtherPruning.by(
        new Prune(
            Optional.of(method),
            new Granularity.Element(),
            new Scope.Global(),
            Optional.of(new Amount.OfRemaining(0.5)),
            Map.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            new Prune().calibration()),
        method,
        scope);
  }

  private static Prune other() {
    return prune(new Named("obd"), new Scope.Global());
  }

  private static List<Element> pipeline(Object... parts) {
    List<Element> elements = new ArrayList<>();
    for (Object part : parts) {
      elements.add(part instanceof Step step ? new Element.Run(step) : (Element) part);
    }
    return elements;
  }

  private static List<Element> rounds(Object... stages) {
    List<Element> elements = new ArrayList<>(pipeline(TRAIN, DENSE));
    for (int round = 1; round <= 2; round++) {
      elements.add(new Element.RoundStart(round, 2));
      elements.addAll(pipeline(stages));
      elements.add(new Element.RoundEnd(round));
    }
    return elements;
  }

  private Beside beside(ControlArm control, List<Element> elements) {
    return controls.beside(control, new Controls.Arm(elements, false, Optional.of(L1)));
  }

  private Map<Integer, Element.Branch> branches(ControlArm control, List<Element> elements) {
    return ((Beside.Branches) beside(control, elements)).before();
  }

  private List<Element> changed(ControlArm control, List<Element> elements) {
    return ((Beside.Changed) beside(control, elements))
        .elements().stream().flatMap(Optional::stream).toList();
  }

  private String none(ControlArm control, List<Element> elements) {
    return ((Beside.None) beside(control, elements)).reason();
  }

  private static List<Step> steps(Element.Branch branch) {
    return branch.elements().stream().map(element -> ((Element.Run) element).step()).toList();
  }

  @Test
  void drawsARandomMaskAtTheEndOfEveryRound() {
    List<Element> imp = rounds(other(), new Rewind(), TRAIN);

    Map<Integer, Element.Branch> found = branches(ControlArm.RANDOM_MASK, imp);

    assertThat(found.keySet()).allMatch(at -> imp.get(at) instanceof Element.RoundEnd).hasSize(2);
    assertThat(found.values())
        .allSatisfy(
            branch -> {
              assertThat(branch.name()).isEqualTo("random-mask");
              assertThat(steps(branch)).containsExactly(new RandomMask(), new Rewind(), TRAIN);
            });
  }

  @Test
  void masksTheDenseModelAtRandomWhereNothingIsTrainedAfterwards() {
    Map<Integer, Element.Branch> found = branches(ControlArm.RANDOM_MASK, rounds(other()));

    assertThat(found.values())
        .allSatisfy(
            branch ->
                assertThat(steps(branch))
                    .containsExactly(new RandomMask(), new Rewind(new RewindTo.Round(0))));
    assertThat(none(ControlArm.RANDOM_REINIT, rounds(other()))).contains("nothing is trained");
    assertThat(none(ControlArm.DENSE, rounds(other()))).contains("its dense model is this control");
  }

  @Test
  void branchesOffAPipelineWithoutRoundsAtItsEndOrBeforeItIsMadeSmaller() {
    List<Element> plain = pipeline(TRAIN, DENSE, other(), TUNE);
    List<Element> smaller = pipeline(TRAIN, DENSE, other(), TUNE, new Compact());

    Element.Branch branch =
        requireNonNull(branches(ControlArm.RANDOM_MASK, plain).get(plain.size()));

    assertThat(steps(branch))
        .containsExactly(new RandomMask(), new Rewind(new RewindTo.Label("dense")), TUNE);
    assertThat(branches(ControlArm.RANDOM_REINIT, smaller).keySet()).containsExactly(4);
    assertThat(steps(requireNonNull(branches(ControlArm.RANDOM_REINIT, smaller).get(4))))
        .containsExactly(new Reinitialise(), TUNE);
  }

  @Test
  void asksForALabelWhereTheValuesBeforePruningHaveNoName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> beside(ControlArm.RANDOM_MASK, pipeline(TRAIN, other(), TUNE)))
        .withMessageContaining("give the stage before that a label");
    assertThat(branches(ControlArm.RANDOM_MASK, pipeline(other(), TRAIN))).hasSize(1);
    assertThat(branches(ControlArm.RANDOM_REINIT, pipeline(TRAIN, other(), TUNE))).hasSize(1);
  }

  @Test
  void leavesOutWhatTheArmHasOrIs() {
    List<Element> own =
        rounds(
            prune(L1, new Scope.Global()),
            TRAIN,
            Control.RANDOM_MASK.branch(new RewindTo.Init(), List.of(TRAIN)));

    assertThat(none(ControlArm.RANDOM_MASK, own)).isEmpty();
    assertThat(none(ControlArm.MAGNITUDE_GLOBAL, own)).isEmpty();
    assertThat(changed(ControlArm.MAGNITUDE_LAYER, own))
        .isEqualTo(rounds(prune(L1, new Scope.Layer()), TRAIN));
  }

  @Test
  void prunesByMagnitudeAsMuchAsTheArm() {
    assertThat(changed(ControlArm.MAGNITUDE_GLOBAL, rounds(other(), new Rewind(), TRAIN)))
        .isEqualTo(rounds(prune(L1, new Scope.Global()), new Rewind(), TRAIN));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                controls.beside(
                    ControlArm.MAGNITUDE_LAYER,
                    new Controls.Arm(rounds(other()), false, Optional.empty())))
        .withMessageContaining("'l1'");
  }

  @Test
  void trainsTheDenseModelWhereverTheArmIsTrained() {
    assertThat(changed(ControlArm.DENSE, rounds(other(), new Rewind(), TRAIN)))
        .isEqualTo(rounds(TRAIN));
    assertThat(changed(ControlArm.DENSE, pipeline(TRAIN, other(), TUNE, new Compact())))
        .isEqualTo(pipeline(TRAIN, TUNE));
  }

  @Test
  void refusesTilesWhosePatternAnotherScopeWouldChange() {
    Prune tiles =
        new Prune(
            Optional.of(L1),
            new Granularity.Element(),
            new Scope.Tile(4),
            Optional.of(new Amount.OfAll(0.5)),
            Map.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            new Prune().calibration());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> beside(ControlArm.MAGNITUDE_GLOBAL, pipeline(TRAIN, DENSE, tiles)))
        .withMessageContaining("tiles (N:M)");
  }

  @Test
  void knowsWhatPrunesWhileItTrains() {
    Prune asked = other();
    GradualPruning gradual =
        new GradualPruning(
            asked.method(),
            asked.granularity(),
            asked.scope(),
            Optional.of(new Amount.OfAll(0.8)),
            Map.of(),
            List.of(),
            List.of(),
            new GradualPruning().schedule(),
            asked.calibration(),
            new When.Fraction(0),
            new When.Fraction(0.5),
            new Frequency.Steps(100));
    Train training = OtherPruning.of(new Train(3, new Optimizer.Adam(), 32), Optional.of(gradual));
    List<Element> arm = pipeline(training);

    assertThat(none(ControlArm.RANDOM_MASK, arm)).contains("prunes while it trains");
    assertThat(changed(ControlArm.DENSE, arm))
        .isEqualTo(pipeline(new Train(3, new Optimizer.Adam(), 32)));
    Element.Run by = (Element.Run) changed(ControlArm.MAGNITUDE_LAYER, arm).get(0);
    assertThat(((Train) by.step()).prune().orElseThrow().method()).contains(L1);
    assertThat(((Train) by.step()).prune().orElseThrow().scope()).isEqualTo(new Scope.Layer());
  }

  @Test
  void doesNotApplyWhereNothingIsPrunedOrTheModelComesTrained() {
    for (ControlArm control : ControlArm.values()) {
      assertThat(none(control, pipeline(TRAIN, DENSE))).isEqualTo("no prune stage of it prunes");
    }
    Controls.Arm trained = new Controls.Arm(rounds(other(), TUNE), true, Optional.of(L1));
    assertThat(controls.beside(ControlArm.RANDOM_REINIT, trained))
        .isInstanceOfSatisfying(
            Beside.None.class, none -> assertThat(none.reason()).contains("comes trained"));
    assertThat(controls.beside(ControlArm.DENSE, trained)).isInstanceOf(Beside.Changed.class);
  }

  @Test
  void namesStagesAsTheirPluginsDo() {
    Stage mask = new RandomMask();
    assertThat(ControlArm.of(mask.name())).contains(ControlArm.RANDOM_MASK);
    assertThat(ControlArm.of("none")).isEmpty();
  }
}
