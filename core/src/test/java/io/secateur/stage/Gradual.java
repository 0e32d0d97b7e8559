package io.secateur.stage;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.secateur.calibrate.Calibration;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Scope;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Schedule;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import io.secateur.train.BestEpoch;
import io.secateur.train.EarlyStop;
import io.secateur.train.LearningRate;
import io.secateur.train.Optimizer;
import io.secateur.train.TrainingLoss;
import io.secateur.train.Watch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Trainings that prune meanwhile, and two methods to do so by. */
final class Gradual {
  static final Optimizer ADAM = new Optimizer.Adam(LearningRate.of(0.02), 0.9, 0.99, 1e-8, 0.01);

  static final When START = new When.Fraction(0);

  record Magnitude() implements ScoringMethod {
    @Override
    public String name() {
      return "magnitude";
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return weight.matrix().abs();
    }
  }

  /** Keeps what the training's steps sum. */
  enum Steps implements Statistic.OfTraining {
    COUNT {
      @Override
      public NDArray of(NDArray weight, NDArray gradient) {
        return weight.onesLike();
      }
    },
    PRODUCT {
      @Override
      public NDArray of(NDArray weight, NDArray gradient) {
        return weight.mul(gradient);
      }
    }
  }

  /** Prunes what training drives towards 0, and looks at what it was given. */
  record Moving() implements ScoringMethod {
    @Override
    public String name() {
      return "moving";
    }

    @Override
    public Set<Statistic> needs() {
      return Set.of(Steps.COUNT, Steps.PRODUCT, Statistic.Gradients.ABSOLUTE);
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      NDArray counts = statistics.total(Steps.COUNT);
      assertThat(counts.toFloatArray()).containsOnly((float) statistics.count(Steps.COUNT));
      assertThat(statistics.total(Statistic.Gradients.ABSOLUTE).getShape())
          .isEqualTo(weight.matrix().getShape());
      return statistics.total(Steps.PRODUCT).neg();
    }
  }

  static GradualPruning gradual(
      PruningMethod method,
      Schedule schedule,
      double target,
      When begin,
      When end,
      Frequency often) {
    return new GradualPruning(
        Optional.of(method),
        new Granularity.Element(),
        new Scope.Layer(),
        Optional.of(new Amount.OfAll(target)),
        Map.of(),
        List.of(),
        List.of(),
        schedule,
        new Calibration(20, 10),
        begin,
        end,
        often);
  }

  static Train train(int epochs, GradualPruning pruning) {
    return train(epochs, pruning, Optional.empty(), Optional.empty());
  }

  static Train train(
      int epochs, GradualPruning pruning, Optional<EarlyStop> stop, Optional<BestEpoch> best) {
    return new Train(
        epochs,
        ADAM,
        8,
        Optional.empty(),
        TrainingLoss.TASK,
        new Watch(),
        stop,
        best,
        Optional.of(pruning));
  }

  private Gradual() {}
}
