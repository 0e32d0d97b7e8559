package io.secateur.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.secateur.spi.Schedule;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SchedulesTest {

  @Test
  void polynomialEqualsTheReferenceFromTwentyToEightyPercent() throws IOException {
    equals("tfmot_polynomial(.2,.8,100,110,power3)", new PolynomialSchedule(.2, 3), 100, .8);
  }

  @Test
  void polynomialEqualsThePaperFromZeroToNinetyPercent() throws IOException {
    equals("zhu_gupta_cubic(0,.9,0,10)", new PolynomialSchedule(), 0, .9);
  }

  @Test
  void exponentialEqualsTheReference() throws IOException {
    equals("nncf_exponential(.2,.8,10)", new ExponentialSchedule(.2), 0, .8);
  }

  @Test
  void linearEqualsTheReference() throws IOException {
    equals("linear(0,.8,10)", new LinearSchedule(), 0, .8);
  }

  @Test
  void exponentialKeepsTheFractionsOfIterativePruning() throws IOException {
    Map<String, Double> kept = vectors("imp_keep_fraction(0.2)");
    double target = 1 - kept.getOrDefault("20", Double.NaN);
    kept.forEach(
        (round, fraction) ->
            assertThat(new ExponentialSchedule().sparsity(Integer.parseInt(round) / 20.0, target))
                .isCloseTo(1 - fraction, within(1e-9)));
  }

  @Test
  void oneShotGivesTheTargetFromTheFirstRoundOn() {
    Schedule schedule = new OneShotSchedule();
    assertThat(schedule.sparsity(0, .7)).isZero();
    assertThat(schedule.sparsity(.1, .7)).isEqualTo(.7);
    assertThat(schedule.sparsity(1, .7)).isEqualTo(.7);
  }

  @Test
  void constantIsTheTargetFromTheStart() {
    assertThat(new ConstantSchedule().sparsity(0, .7)).isEqualTo(.7);
    assertThat(new ConstantSchedule().sparsity(1, .7)).isEqualTo(.7);
  }

  @Test
  void cosineIsHalfAWave() {
    Schedule schedule = new CosineSchedule(.2);
    assertThat(schedule.sparsity(0, .8)).isEqualTo(.2);
    assertThat(schedule.sparsity(1 / 3.0, .8)).isCloseTo(.35, within(1e-12));
    assertThat(schedule.sparsity(.5, .8)).isCloseTo(.5, within(1e-12));
    assertThat(schedule.sparsity(1, .8)).isEqualTo(.8);
  }

  @Test
  void multiStepStepsAtItsFractionsOfTheWay() {
    Schedule schedule = new MultiStepSchedule();
    assertThat(List.of(.0, .24, .25, .5, .74, .75, 1.0).stream().map(p -> schedule.sparsity(p, .5)))
        .containsExactly(0.0, 0.0, .15, .3, .3, .5, .5);
  }

  @Test
  void multiStepRefusesStepsThatDoNotFit() {
    assertThatThrownBy(() -> new MultiStepSchedule(List.of(.5), List.of()))
        .hasMessage(
            "at and of go together, a fraction of the target for every step: were given 1 and 0");
    assertThatThrownBy(() -> new MultiStepSchedule(List.of(.5, .5), List.of(.1, .2)))
        .hasMessage("the steps of at must come one after the other, but 0.5 stands behind 0.5");
    assertThatThrownBy(() -> new MultiStepSchedule(List.of(.5, .6), List.of(.3, .2)))
        .hasMessage(
            "a step down from 0.3 to 0.2 of the target: what is pruned stays pruned, so of must not"
                + " fall");
    assertThatThrownBy(() -> new MultiStepSchedule(List.of(1.5), List.of(1.0)))
        .hasMessage("the fractions in at must be from 0 to 1, one was 1.5");
  }

  @Test
  void neverPassTheTargetNeverFallAndEndOnIt() {
    long seed = 20_240_607L;
    SplittableRandom random = new SplittableRandom(seed);
    for (int trial = 0; trial < 2000; trial++) {
      double target = random.nextDouble();
      double initial = random.nextDouble() * target;
      List<Schedule> schedules =
          List.of(
              new OneShotSchedule(),
              new LinearSchedule(initial),
              new PolynomialSchedule(initial, .2 + 5 * random.nextDouble()),
              new ExponentialSchedule(initial),
              new ConstantSchedule(),
              new CosineSchedule(initial),
              new MultiStepSchedule(List.of(.1, .4, .9), List.of(0.0, .7, .9)));
      int rounds = 1 + random.nextInt(40);
      for (Schedule schedule : schedules) {
        double before = 0;
        for (int round = 0; round <= rounds; round++) {
          double now = schedule.sparsity((double) round / rounds, target);
          assertThat(now)
              .as("%s, target %s, round %d/%d, seed %d", schedule, target, round, rounds, seed)
              .isBetween(before, target);
          before = now;
        }
        assertThat(before).as("%s at its end", schedule).isEqualTo(target);
      }
    }
  }

  @Test
  void aStepDownIsRefused() {
    assertThatThrownBy(() -> new LinearSchedule(.5).sparsity(0, .4))
        .hasMessage(
            "schedule linear cannot step down from initial 0.5 to a target of 0.4; lower initial");
  }

  @Test
  void exponentialRefusesATargetOfOne() {
    assertThatThrownBy(() -> new ExponentialSchedule().sparsity(.5, 1))
        .hasMessage(
            "an exponential schedule never reaches a target of 1, as it prunes a fraction of what"
                + " remains; ask for less than 1, or use linear or polynomial");
    assertThat(new LinearSchedule().sparsity(1, 1)).isEqualTo(1);
    assertThat(new PolynomialSchedule().sparsity(1, 1)).isEqualTo(1);
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new LinearSchedule(1.5))
        .hasMessage("initial must be from 0 to 1, was 1.5");
    assertThatThrownBy(() -> new ExponentialSchedule(1))
        .hasMessage("initial must be below 1 here, was 1.0");
    assertThatThrownBy(() -> new PolynomialSchedule(0, 0))
        .hasMessage("power must be a number above 0, was 0.0");
    assertThatThrownBy(() -> new OneShotSchedule().sparsity(Double.NaN, .5))
        .hasMessage("progress must be from 0 to 1, was NaN");
    assertThatThrownBy(() -> new LinearSchedule().sparsity(0, 1.01))
        .hasMessage("a target must be from 0 to 1, was 1.01");
  }

  @Test
  void areFoundByName() {
    assertThat(ServiceLoader.load(Schedule.class))
        .extracting(Schedule::name)
        .contains(
            "one-shot", "linear", "polynomial", "exponential", "constant", "cosine", "multi-step");
  }

  /** Steps past the schedule's end count as the end. */
  private static void equals(String vector, Schedule schedule, int first, double target)
      throws IOException {
    vectors(vector)
        .forEach(
            (step, expected) ->
                assertThat(
                        schedule.sparsity(
                            Math.min(1, (Integer.parseInt(step) - first) / 10.0), target))
                    .as(vector + " at " + step)
                    .isCloseTo(expected, within(1e-8)));
  }

  private static Map<String, Double> vectors(String name) throws IOException {
    try (InputStream in = SchedulesTest.class.getResourceAsStream("/oracle/schedules.json")) {
      JsonNode all = JsonMapper.builder().build().readTree(in);
      JsonNode vector = all.get("schedules").get(name);
      Map<String, Double> values = new java.util.TreeMap<>();
      vector.properties().forEach(entry -> values.put(entry.getKey(), entry.getValue().asDouble()));
      assertThat(values).as(name).isNotEmpty();
      return values;
    }
  }
}
