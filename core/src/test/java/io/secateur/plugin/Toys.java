package io.secateur.plugin;

import ai.djl.ndarray.NDArray;
import io.secateur.model.Checkpoint;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Scope;
import io.secateur.spi.LabelledStep;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Recipe;
import io.secateur.spi.Schedule;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Stage;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plugins that do nothing, with settings of every type. */
public final class Toys {
  private Toys() {}

  static Catalogs catalogs() {
    return Catalogs.holding(
        List.of(
            Plain.class,
            Weighted.class,
            Steady.class,
            Trim.class,
            Learn.class,
            Rounds.class,
            Ladder.class));
  }

  /** A method without settings. */
  public record Plain() implements ScoringMethod {
    @Override
    public String name() {
      return "plain";
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return weight.matrix();
    }
  }

  /** How it is weighted. */
  public enum Mode {
    PER_ROW,
    PER_COLUMN
  }

  /** A nested record without defaults. */
  public record Box(int height, int width) {
    public Box {
      if (height < 1) {
        throw new IllegalArgumentException("height must be at least 1, was " + height);
      }
    }
  }

  /** A method with a setting of every plain type. */
  public record Weighted(
      double exponent,
      int times,
      long most,
      float share,
      boolean fast,
      String note,
      Mode mode,
      List<Integer> sizes,
      Set<String> tags,
      Map<String, Double> rates,
      Optional<Integer> limit,
      Box box)
      implements ScoringMethod {
    public Weighted() {
      this(
          1,
          2,
          3,
          0.1f,
          false,
          "none",
          Mode.PER_ROW,
          List.of(1, 2),
          Set.of(),
          Map.of(),
          Optional.empty(),
          new Box(1, 2));
    }

    public Weighted {
      if (exponent < 0) {
        throw new IllegalArgumentException("exponent must be at least 0, was " + exponent);
      }
      if (times > most) {
        throw new IllegalArgumentException("times must be at most " + most + ", was " + times);
      }
    }

    @Override
    public String name() {
      return "weighted";
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return weight.matrix();
    }
  }

  /** A schedule. */
  public record Steady() implements Schedule {
    @Override
    public String name() {
      return "steady";
    }

    @Override
    public double sparsity(double progress, double target) {
      return target;
    }
  }

  /** A stage whose settings are choices and plugins. */
  public record Trim(
      PruningMethod method, Granularity granularity, Scope scope, Amount amount, Schedule schedule)
      implements Stage {
    public Trim() {
      this(
          new Plain(), new Granularity.Element(), new Scope.Global(), Amount.of(0.5), new Steady());
    }

    @Override
    public String name() {
      return "trim";
    }

    @Override
    public Checkpoint run(Checkpoint input, Context context) {
      return input;
    }
  }

  /** How fast it learns. */
  public sealed interface Pace {
    /** Reads a plain word. */
    static Pace of(String words) {
      if (!words.endsWith("x")) {
        throw new IllegalArgumentException("a pace ends with x, as 3x, was " + words);
      }
      return new Times(Integer.parseInt(words.substring(0, words.length() - 1)));
    }

    /** A multiple. */
    record Times(int factor) implements Pace {}

    /** Slow, in two ways. */
    sealed interface Slow extends Pace {}

    /** Defaults of its own. */
    record Warm(int steps, double from) implements Slow {
      public Warm() {
        this(10, 0.1);
      }
    }
  }

  /** A stage with defaults. */
  public record Learn(int epochs, double learningRate, Pace pace) implements Stage {
    public Learn() {
      this(1, 0.001, new Pace.Times(1));
    }

    public Learn {
      if (epochs < 1) {
        throw new IllegalArgumentException("epochs must be at least 1, was " + epochs);
      }
    }

    @Override
    public String name() {
      return "learn";
    }

    @Override
    public Checkpoint run(Checkpoint input, Context context) {
      return input;
    }
  }

  /** A recipe with a setting of its own name. */
  public record Rounds(int rounds, List<LabelledStep> stages) implements Recipe {
    public Rounds() {
      this(1, List.of());
    }

    @Override
    public String name() {
      return "rounds";
    }

    @Override
    public List<Element> expand(List<Element> before) {
      return List.of();
    }
  }

  /** A recipe named like what it does. */
  public record Ladder(PruningMethod method, int steps, double rate) implements Recipe {
    public Ladder() {
      this(new Plain(), 5, 0.2);
    }

    @Override
    public String name() {
      return "ladder";
    }

    @Override
    public List<Element> expand(List<Element> before) {
      return List.of();
    }
  }
}
