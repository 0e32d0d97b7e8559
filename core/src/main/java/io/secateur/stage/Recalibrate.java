package io.secateur.stage;

import ai.djl.ndarray.NDManager;
import io.secateur.calibrate.Calibration;
import io.secateur.calibrate.RunningStatistics;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Tensor;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Estimates the running statistics of batch norms anew, which pruning has made those of another
 * network. Weights, scales, shifts and masks stay as they are, bit for bit.
 *
 * @param examples drawn from the training part without replacement; all of it when it has fewer
 * @param batch shown at once; what fills no whole batch is left out
 */
public record Recalibrate(int examples, int batch) implements Stage {
  /** 2,048 examples, 128 at once. */
  public Recalibrate() {
    this(2048, 128);
  }

  public Recalibrate {
    // The variance of a single example is none.
    if (examples < 2) {
      throw new IllegalArgumentException("examples must be at least 2, was " + examples);
    }
    if (batch < 2) {
      throw new IllegalArgumentException("batch must be at least 2, was " + batch);
    }
  }

  @Override
  public String name() {
    return "recalibrate";
  }

  @Override
  public String description() {
    return """
        Estimates the running means and variances of batch norms anew on training examples, as
        they are (no augmentation), and changes nothing else: the mean over batches of each batch's
        own, as PyTorch's with momentum=None; dropout is off. Pruning leaves the statistics of the
        network before it, and a good part of the accuracy lost may come back without training.""";
  }

  @Override
  public Set<Split> reads() {
    return Set.of(Split.TRAIN);
  }

  @Override
  public List<String> faults(Architecture architecture, Task task) {
    return RunningStatistics.any(architecture)
        ? List.of()
        : List.of(
            "recalibrate estimates the statistics of batch norms, and the model has none; leave it"
                + " out");
  }

  @Override
  public Checkpoint run(Checkpoint input, Context context) throws IOException {
    List<String> faults = faults(input.architecture(), context.task());
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(faults.get(0));
    }
    Examples shown = context.data(Split.TRAIN);
    if (shown.size() < 2) {
      throw new IllegalArgumentException(
          "recalibrate needs 2 training examples at least, the data set has " + shown.size());
    }
    Calibration calibration = new Calibration(examples, batch);
    int batches = RunningStatistics.batches(calibration, shown.size());
    Map<String, Tensor> parameters = new LinkedHashMap<>(input.parameters());
    try (NDManager manager = NDManager.newBaseManager(context.device(), "PyTorch")) {
      parameters.putAll(
          RunningStatistics.of(
              input,
              calibration,
              shown,
              context.seed("recalibrate"),
              manager,
              done -> context.progress(done, batches)));
    }
    context.say(
        "statistics of batch norms estimated on %,d batches of %,d examples"
            .formatted(batches, Math.min(batch, Math.min(examples, shown.size()))));
    return input.withParameters(parameters);
  }
}
