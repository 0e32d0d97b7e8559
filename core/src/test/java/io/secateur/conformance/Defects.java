package io.secateur.conformance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Flatten;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.spi.Metric;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Recipe;
import io.secateur.spi.Schedule;
import io.secateur.spi.Task;
import io.secateur.stage.Rewind;
import io.secateur.stage.RewindTo;
import io.secateur.stage.Train;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Schedules, metrics, recipes, models and data sets of which each breaks one rule. */
public final class Defects {
  private static final AtomicInteger CALLS = new AtomicInteger();

  private Defects() {}

  /** A schedule along a line, without a fault. */
  public interface Line extends Schedule {
    @Override
    default String name() {
      return "planted";
    }

    @Override
    default String description() {
      return "Grows along a line.";
    }

    @Override
    default double sparsity(double progress, double target) {
      return target * progress;
    }
  }

  /** Refuses what it has taken. */
  public record LateRefusal() implements Line {
    @Override
    public double sparsity(double progress, double target) {
      if (progress > 0.5) {
        throw new IllegalArgumentException("too late");
      }
      return target * progress;
    }
  }

  /** Goes too far on its way. */
  public record Overshooting() implements Line {
    @Override
    public double sparsity(double progress, double target) {
      return progress >= 0.5 ? target + 0.01 : target * progress;
    }
  }

  /** Falls once. */
  public record Falling() implements Line {
    @Override
    public double sparsity(double progress, double target) {
      return progress < 0.25 ? target * 0.5 : target * progress;
    }
  }

  /** Ends too early. */
  public record TooShort() implements Line {
    @Override
    public double sparsity(double progress, double target) {
      return target * progress * 0.9;
    }
  }

  /** Remembers how often it was asked. */
  public record Wavering() implements Line {
    @Override
    public double sparsity(double progress, double target) {
      boolean less = CALLS.incrementAndGet() % 2 == 0 && progress < 1;
      return target * progress * (less ? 0.9999 : 1);
    }
  }

  /** Counts parameters, without a fault. */
  public interface Count extends Metric.OfModel {
    @Override
    default String name() {
      return "planted";
    }

    @Override
    default String description() {
      return "Counts parameters.";
    }

    @Override
    default List<Quantity> quantities() {
      return List.of(new Quantity("planted", "", false, true));
    }

    @Override
    default List<Value> measure(Checkpoint model) {
      return List.of(new Value("planted", model.architecture().parameterCount()));
    }
  }

  /** A quantity in capitals. */
  public record Shouting() implements Count {
    @Override
    public List<Quantity> quantities() {
      return List.of(new Quantity("Planted Count", "", false, true));
    }

    @Override
    public List<Value> measure(Checkpoint model) {
      return List.of(new Value("Planted Count", model.architecture().parameterCount()));
    }
  }

  /** Fails on what it says it suits. */
  public record Unsuited() implements Count {
    @Override
    public List<Value> measure(Checkpoint model) {
      if (model.architecture().output().dimension() > 1) {
        throw new IllegalStateException("no idea");
      }
      return Count.super.measure(model);
    }
  }

  /** Gives what it has not declared. */
  public record Undeclared() implements Count {
    @Override
    public List<Value> measure(Checkpoint model) {
      return List.of(new Value("planted", 1), new Value("another", 2));
    }
  }

  /** Gives no number. */
  public record NoNumber() implements Count {
    @Override
    public List<Value> measure(Checkpoint model) {
      return List.of(new Value("planted", Double.NaN));
    }
  }

  /** Remembers how often it was asked. */
  public record Unsteady() implements Count {
    @Override
    public List<Value> measure(Checkpoint model) {
      return List.of(new Value("planted", CALLS.incrementAndGet()));
    }
  }

  /** Averages the averages of batches. */
  public record MeanOfMeans() implements Metric.OfPredictions {
    @Override
    public String name() {
      return "planted";
    }

    @Override
    public String description() {
      return "The mean prediction.";
    }

    @Override
    public List<Quantity> quantities() {
      return List.of(new Quantity("planted", "", false, true));
    }

    @Override
    public Tally start(Task task) {
      return new Tally() {
        private double sum;
        private int batches;

        @Override
        public void add(NDArray predictions, NDArray targets) {
          sum += predictions.mean().getFloat();
          batches++;
        }

        @Override
        public List<Value> result() {
          return List.of(new Value("planted", sum / batches));
        }
      };
    }
  }

  /** Writes to the model's files. */
  public record Scribbling() implements Count {
    @Override
    public List<Value> measure(Checkpoint model) {
      model.attachments().values().forEach(bytes -> bytes[0]++);
      return Count.super.measure(model);
    }
  }

  /** Makes an array in a manager that it never closes. */
  public record HoardingMetric() implements Count {
    @Override
    public List<Value> measure(Checkpoint model) {
      NDManager.newBaseManager("PyTorch").ones(new Shape(3));
      return Count.super.measure(model);
    }
  }

  /** Stands for a training, without a fault. */
  public interface Once extends Recipe {
    @Override
    default String name() {
      return "planted";
    }

    @Override
    default String description() {
      return "Trains.";
    }

    @Override
    default List<Element> expand(List<Element> before) {
      return List.of(new Element.Run(new Train()));
    }
  }

  /** Throws what it should not. */
  public record Stumbling() implements Once {
    @Override
    public List<Element> expand(List<Element> before) {
      return List.of(new Element.Run(new Train()), before.get(0));
    }
  }

  /** Unfolds into itself. */
  public record Endless() implements Once {
    @Override
    public List<Element> expand(List<Element> before) {
      return List.of(new Element.Run(this));
    }
  }

  /** Remembers how often it was asked. */
  public record Fickle() implements Once {
    @Override
    public List<Element> expand(List<Element> before) {
      return List.of(new Element.Label("l" + CALLS.incrementAndGet()));
    }
  }

  /** Opens a round that never ends. */
  public record OpenRound() implements Once {
    @Override
    public List<Element> expand(List<Element> before) {
      return List.of(new Element.RoundStart(1, 1), new Element.Run(new Train()));
    }
  }

  /** Goes back to what is not there. */
  public record Nowhere() implements Once {
    @Override
    public List<Element> expand(List<Element> before) {
      return List.of(new Element.Run(new Rewind(new RewindTo.Label("nowhere"))));
    }
  }

  /** One linear layer, without a fault. */
  public interface OneLayer extends ModelSource {
    @Override
    default String name() {
      return "planted";
    }

    @Override
    default String description() {
      return "One linear layer.";
    }

    @Override
    default Architecture architecture(Task task) {
      return layers(task, task.outputs());
    }

    @Override
    default Checkpoint open(Task task, long seed) {
      Architecture architecture = architecture(task);
      return new Checkpoint(architecture, architecture.initialise(Initialisation.PYTORCH, seed));
    }

    /** Refuses texts. */
    default Architecture layers(Task task, int outputs) {
      if (task.vocabulary() > 0 || task instanceof Task.TokenPrediction) {
        throw new IllegalArgumentException("one layer takes numbers, the data are texts");
      }
      return new Architecture(
          task.input(), List.of(new Flatten("flatten"), new Linear("layer", outputs)));
    }
  }

  /** Gives a number too many. */
  public record TooWide() implements OneLayer {
    @Override
    public Architecture architecture(Task task) {
      return layers(task, task.outputs() + 1);
    }
  }

  /** Opens with another architecture than planned. */
  public record Surprising() implements OneLayer {
    @Override
    public Checkpoint open(Task task, long seed) {
      Architecture other = layers(task, task.outputs() + 1);
      return new Checkpoint(other, other.initialise(Initialisation.PYTORCH, seed));
    }
  }

  /** Draws from more than the seed. */
  public record Restless() implements OneLayer {
    @Override
    public Checkpoint open(Task task, long seed) {
      return OneLayer.super.open(task, seed + CALLS.incrementAndGet());
    }
  }

  /** Its fingerprint is never the same. */
  public record NoFingerprint() implements OneLayer {
    @Override
    public String fingerprint() {
      return "" + CALLS.incrementAndGet();
    }
  }
}
