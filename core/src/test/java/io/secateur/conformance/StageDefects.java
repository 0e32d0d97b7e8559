package io.secateur.conformance;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Tensor;
import io.secateur.spi.Stage;
import io.secateur.spi.TrainingStage;
import io.secateur.stage.Train;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Stages of which each breaks one rule. */
public final class StageDefects {
  private static final AtomicInteger CALLS = new AtomicInteger();

  private StageDefects() {}

  /** Does nothing, without a fault. */
  public interface Nothing extends Stage {
    @Override
    default String name() {
      return "planted";
    }

    @Override
    default String description() {
      return "Does nothing.";
    }

    @Override
    default Checkpoint run(Checkpoint input, Context context) {
      return input;
    }
  }

  private static Checkpoint plus(Checkpoint input, Predicate<String> which, float more) {
    Map<String, Tensor> changed = new LinkedHashMap<>();
    input
        .parameters()
        .forEach(
            (name, tensor) -> {
              float[] values = tensor.toFloats();
              for (int i = 0; i < values.length && which.test(name); i++) {
                values[i] += more;
              }
              changed.put(name, Tensor.of(tensor.shape(), values));
            });
    return input.withParameters(changed);
  }

  /** Breaks nothing. */
  public record Idle() implements Nothing {}

  /** Fails where it found no fault. */
  public record Failing() implements Nothing {
    @Override
    public Checkpoint run(Checkpoint input, Context context) {
      if (input.architecture().input().dimension() == 3) {
        throw new IllegalStateException("no images, please");
      }
      return input;
    }
  }

  /** Writes to what it was given. */
  public record ScribblingStage() implements Nothing {
    @Override
    public Checkpoint run(Checkpoint input, Context context) {
      input.attachments().values().forEach(bytes -> bytes[0]++);
      return input;
    }
  }

  /** Remembers how often it was run. */
  public record RememberingStage() implements Nothing {
    @Override
    public Checkpoint run(Checkpoint input, Context context) {
      return plus(input, name -> name.endsWith("bias"), CALLS.incrementAndGet());
    }
  }

  /** Gives pruned weights values. */
  public record Reviving() implements Nothing {
    @Override
    public Checkpoint run(Checkpoint input, Context context) {
      return plus(input, name -> name.endsWith("weight"), 1);
    }
  }

  /** Loses the masks. */
  public record Unmasking() implements Nothing {
    @Override
    public Checkpoint run(Checkpoint input, Context context) {
      return input.withMasks(Map.of());
    }

    /** Counts are not what this one is about. */
    @Override
    public Map<String, Long> foresee(Architecture architecture, Map<String, Long> before) {
      return Map.of();
    }
  }

  /** Makes an array in a manager that it never closes. */
  public record HoardingStage() implements Nothing {
    @Override
    public Checkpoint run(Checkpoint input, Context context) {
      NDManager.newBaseManager("PyTorch").ones(new Shape(3));
      return input;
    }
  }

  /** Foresees what does not happen. */
  public record FalseProphet() implements Nothing {
    @Override
    public Map<String, Long> foresee(Architecture architecture, Map<String, Long> before) {
      Map<String, Long> after = new LinkedHashMap<>(before);
      after.replaceAll((name, lost) -> lost + 1);
      return after;
    }
  }

  /** Says that it quantizes, and does not. */
  public record Boasting() implements Nothing {
    @Override
    public boolean quantizes() {
      return true;
    }
  }

  /** Takes quantized models and leaves others. */
  public record Unquantizing() implements Nothing {
    @Override
    public Optional<String> refusal(boolean quantized) {
      return Optional.empty();
    }

    @Override
    public Checkpoint run(Checkpoint input, Context context) {
      return input.withQuantization(Optional.empty());
    }
  }

  /** A training that forgets where it was cut. */
  public record ForgetfulTraining() implements TrainingStage {
    private static final Train TRAIN = new Train();

    @Override
    public String name() {
      return "planted";
    }

    @Override
    public String description() {
      return "Trains.";
    }

    @Override
    public Checkpoint run(Checkpoint input, Context context) throws IOException {
      return TRAIN.run(input.withTraining(Optional.empty()), context);
    }

    @Override
    public long stepsPerEpoch(int examples) {
      return TRAIN.stepsPerEpoch(examples);
    }

    @Override
    public long steps(int examples) {
      return TRAIN.steps(examples);
    }

    @Override
    public TrainingStage until(long step) {
      return TRAIN.until(step);
    }
  }
}
