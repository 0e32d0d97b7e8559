package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.spi.Split;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Predictions are measured on every split that a study names, models once. */
class MeasureOnTest {
  private static String study(String on) {
    return Lab.study("pipeline: [tune]", "measure: [total, hits]", "measure-on: " + on);
  }

  private static List<String> faults(String on) {
    try {
      Lab.plan(study(on));
      return List.of();
    } catch (StudyException e) {
      return e.faults();
    }
  }

  @Test
  void measuresPredictionsOnEachSplitAndModelsOnce() {
    List<Plan.Measure> measured =
        Lab.plan(study("[test, train]")).nodes().stream()
            .filter(node -> node.work() instanceof Plan.Measure)
            .map(node -> (Plan.Measure) node.work())
            .toList();

    assertThat(measured)
        .containsExactly(
            new Plan.Measure(new Toys.Total()),
            new Plan.Measure(new Toys.Hits(), Split.TEST),
            new Plan.Measure(new Toys.Hits(), Split.TRAIN));
  }

  @Test
  void leavesTheKeysOfMeasurementsOnTestAsTheyWere() {
    Plan plain = Lab.plan(Lab.study("pipeline: [tune]", "measure: [total, hits]"));

    assertThat(Lab.plan(study("[test, train]")).byKey().keySet())
        .containsAll(plain.byKey().keySet());
  }

  @Test
  void refusesWhatIsNoListOfPartsThatThereAre() {
    assertThat(faults("train"))
        .containsExactly("toy.yaml:7:13: expected splits, test among them: [test, train]");
    assertThat(faults("[train]"))
        .containsExactly("toy.yaml:7:13: expected splits, test among them: [test, train]");
    assertThat(faults("[test, test]")).containsExactly("toy.yaml:7:20: 'test' is there already");
    assertThat(faults("[test, calibration]"))
        .containsExactly(
            "toy.yaml:7:20: calibration examples are drawn from train, on which can be measured");
    assertThat(faults("[test, trian]"))
        .singleElement()
        .asString()
        .contains("toy.yaml:7:20:", "train");
    assertThat(faults("[test, validation]"))
        .containsExactly(
            "toy.yaml: measure-on has validation, and data 'toy-data' has no such part: set"
                + " validation: 0.1 in the data's settings");
  }
}
