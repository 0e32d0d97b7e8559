package io.secateur.sparsity;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Selection.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Selection against {@link NaiveSelection}, cell by cell, over random models and rounds. */
class SelectionPropertyTest {

  @Test
  void prunesWhatAStableSortOfEveryBudgetWould() {
    for (int seed = 0; seed < 1000; seed++) {
      Random random = new Random(seed);
      Pattern pattern = pattern(random);
      Model model = Model.random(1 + random.nextInt(4), 7, random);
      for (int round = 0; round < 3; round++) {
        model.prune(pattern, random, "seed %d, round %d, %s".formatted(seed, round, pattern));
      }
    }
  }

  @Test
  void agreesWhereSeveralThreadsShareTheWork() {
    Random random = new Random(7);
    Model model = new Model();
    model.add(new Form(200, 401, 1, 3), random);
    model.add(Form.matrix(550, 1001), random);
    model.add(Form.matrix(1, 17), random);
    Granularity element = new Granularity.Element();
    for (Pattern pattern :
        List.of(
            new Pattern(element, new Scope.Global()),
            new Pattern(element, new Scope.Row()),
            new Pattern(element, new Scope.Tile(5)),
            new Pattern(new Granularity.Block(1, 2), new Scope.Global()))) {
      model.prune(pattern, random, pattern.toString());
    }
  }

  @Test
  void agreesOnRowsTooLongToBeRankedInMemory() {
    Random random = new Random(5);
    Model model = new Model();
    model.add(Form.matrix(5, 70_001), random);

    model.prune(new Pattern(new Granularity.Element(), new Scope.Row()), random, "element");
    model.prune(new Pattern(new Granularity.Element(), new Scope.Tile(30_000)), random, "tile");
    model.prune(new Pattern(new Granularity.Block(2, 1), new Scope.Row()), random, "block");
  }

  /** Weights, their masks so far, and scores full of ties, signed zeros and infinities. */
  private static final class Model {
    private final List<Candidate> weights = new ArrayList<>();

    static Model random(int size, int side, Random random) {
      Model model = new Model();
      for (int i = 0; i < size; i++) {
        Form form =
            new Form(
                1 + random.nextInt(3 * side),
                1 + random.nextInt(3 * side),
                random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 1,
                random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 1);
        model.add(form, random);
      }
      return model;
    }

    void add(Form form, Random random) {
      double density = random.nextInt(3) == 0 ? random.nextDouble() : 1;
      Mask before = Mask.of(form, cell -> density == 1 || random.nextDouble() < density);
      weights.add(new Candidate("w" + weights.size(), before, Scores.of(), Amount.of(0)));
    }

    /** Prunes twice, both ways, and keeps the result as the next round's masks. */
    void prune(Pattern pattern, Random random, String what) {
      Amount amount = amount(random);
      int kind = random.nextInt(4);
      List<Candidate> candidates = new ArrayList<>();
      for (Candidate weight : weights) {
        Form form = weight.before().form();
        float[] scores = new float[(int) scores(pattern.granularity(), form)];
        for (int i = 0; i < scores.length; i++) {
          scores[i] = score(kind, random);
        }
        Amount own = pattern.scope() instanceof Scope.Global ? amount : amount(random);
        candidates.add(new Candidate(weight.name(), weight.before(), Scores.of(scores), own));
      }

      Map<String, Mask> masks = Selection.select(pattern, candidates).masks();

      List<Mask> expected = NaiveSelection.select(pattern, candidates);
      weights.clear();
      for (Candidate candidate : candidates) {
        Mask mask = requireNonNull(masks.get(candidate.name()));
        assertThat(mask.equals(expected.get(weights.size())))
            .as("%s, %s, is as the sort has it", what, candidate)
            .isTrue();
        assertThat(mask.and(candidate.before())).as(what + " is nested").isEqualTo(mask);
        weights.add(new Candidate(candidate.name(), mask, Scores.of(), candidate.amount()));
      }
      assertThat(masks).as(what).hasSize(weights.size());
    }

    private static long scores(Granularity granularity, Form form) {
      if (granularity instanceof Granularity.Slice slice) {
        return switch (slice.axis()) {
          case OUTPUT -> form.rows();
          case INPUT -> form.inputs();
          case KERNEL_ROW -> form.kernelHeight();
          case KERNEL_COLUMN -> form.kernelWidth();
        };
      }
      return form.size();
    }
  }

  private static float score(int kind, Random random) {
    return switch (kind) {
      case 0 -> random.nextInt(3) - 1; // mostly ties
      case 1 -> random.nextBoolean() ? 0f : -0f;
      case 2 -> (float) random.nextGaussian();
      default -> random.nextInt(8) == 0 ? Float.POSITIVE_INFINITY : random.nextInt(100) / 8f - 3;
    };
  }

  /** Counts are left to their own tests: a random one seldom fits every budget. */
  private static Amount amount(Random random) {
    double fraction = random.nextInt(6) == 0 ? random.nextInt(2) : random.nextDouble();
    return switch (random.nextInt(4)) {
      case 0 -> new Amount.OfRemaining(fraction);
      case 1 -> new Amount.Below(random.nextInt(7) / 2.0 - 1.5);
      case 2 -> new Amount.Count(0);
      default -> new Amount.OfAll(fraction);
    };
  }

  private static Pattern pattern(Random random) {
    int width = 1 + random.nextInt(4);
    return switch (random.nextInt(9)) {
      case 0 -> new Pattern(new Granularity.Element(), new Scope.Global());
      case 1 -> new Pattern(new Granularity.Element(), new Scope.Layer());
      case 2 -> new Pattern(new Granularity.Element(), new Scope.Row());
      case 3 -> new Pattern(new Granularity.Element(), new Scope.Tile(1 + width));
      case 4 -> new Pattern(new Granularity.Element(), new Scope.Tile(17 + random.nextInt(9)));
      case 5 -> new Pattern(block(width, random), new Scope.Layer());
      case 6 -> new Pattern(block(width, random), new Scope.Row());
      case 7 -> new Pattern(block(width, random), new Scope.Global());
      default ->
          new Pattern(
              new Granularity.Slice(List.of(Axis.values()).get(random.nextInt(4))),
              random.nextBoolean() ? new Scope.Layer() : new Scope.Global());
    };
  }

  private static Granularity block(int width, Random random) {
    return new Granularity.Block(1 + random.nextInt(4), width);
  }
}
