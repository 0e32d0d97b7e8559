package io.secateur.methods.magnitude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.sparsity.Scores;
import io.secateur.sparsity.Selection;
import io.secateur.sparsity.Selection.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ImpLevelsTest {
  private static final Pattern LAYERS = new Pattern(new Granularity.Element(), new Scope.Layer());

  @Test
  void lenetReachesTheLevelsOfThePaper() {
    levels(
        ImpLevels.of(ImpLevels.LENET),
        List.of(Form.matrix(300, 784), Form.matrix(100, 300), Form.matrix(10, 100)),
        List.of(.2, .2, .1));
  }

  @Test
  void conv2ReachesTheLevelsOfThePaper() {
    levels(
        ImpLevels.of(ImpLevels.CONV2),
        List.of(
            new Form(64, 3, 3, 3),
            new Form(64, 64, 3, 3),
            Form.matrix(256, 16_384),
            Form.matrix(256, 256),
            Form.matrix(10, 256)),
        List.of(.1, .1, .2, .2, .1));
  }

  private static void levels(ImpLevels levels, List<Form> forms, List<Double> rates) {
    assertThat(levels.remaining()).hasSize(22);
    List<Mask> masks = new ArrayList<>(forms.stream().map(Mask::dense).toList());
    List<Scores> scores = forms.stream().map(ImpLevelsTest::scores).toList();
    long all = forms.stream().mapToLong(Form::size).sum();
    for (int level = 0; level < 22; level++) {
      assertThat(masks.stream().map(Mask::survivors))
          .as("level " + level)
          .isEqualTo(levels.remaining().get(level));
      long remaining = masks.stream().mapToLong(Mask::survivors).sum();
      assertThat(100.0 * remaining / all).isCloseTo(levels.percent().get(level), within(1e-6));
      for (int i = 0; i < masks.size(); i++) {
        Amount rate = new Amount.OfRemaining(rates.get(i));
        Candidate candidate = new Candidate("w", masks.get(i), scores.get(i), rate);
        masks.set(
            i,
            Selection.select(LAYERS, List.of(candidate)).masks().getOrDefault("w", masks.get(i)));
      }
    }
  }

  private static Scores scores(Form form) {
    SplittableRandom random = new SplittableRandom(form.size());
    float[] scores = new float[(int) form.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) random.nextDouble();
    }
    return Scores.of(scores);
  }
}
