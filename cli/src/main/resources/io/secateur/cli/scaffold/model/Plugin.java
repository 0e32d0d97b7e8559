package @package@;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Flatten;
import io.secateur.model.Initialisation;
import io.secateur.model.Layer;
import io.secateur.model.Linear;
import io.secateur.model.Relu;
import io.secateur.model.Residual;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * A residual network of linear layers: the input is made {@code width} numbers, to which each block
 * adds what it makes of them.
 *
 * @param width numbers between the blocks
 * @param blocks how many blocks
 */
public record @class@(int width, int blocks) implements ModelSource {
  /** Two blocks of 64 numbers. */
  public @class@() {
    this(64, 2);
  }

  public @class@ {
    if (width < 1 || blocks < 0) {
      throw new IllegalArgumentException(
          "width must be at least 1 and blocks at least 0, were %d and %d"
              .formatted(width, blocks));
    }
  }

  @Override
  public String name() {
    return "@name@";
  }

  @Override
  public String description() {
    return """
        A residual network of linear layers for images and tables: the flattened input is made width
        numbers, each of some blocks adds to them what a linear layer with ReLU makes of them, and a
        last linear layer gives one number per output.""";
  }

  /** Layers in order; the names of parameters are those of their layers: {@code out.weight}. */
  @Override
  public Architecture architecture(Task task) {
    if (task instanceof Task.TokenPrediction || task.vocabulary() > 0) {
      throw new IllegalArgumentException(
          "@name@ takes numbers, the data set gives ids of words; use data of images or tables");
    }
    List<Layer> layers = new ArrayList<>();
    if (task.input().dimension() > 1) {
      layers.add(new Flatten("flatten"));
    }
    layers.add(new Linear("in", width));
    for (int i = 0; i < blocks; i++) {
      String block = "block" + i;
      List<Layer> body = List.of(new Relu(block + ".relu"), new Linear(block + ".linear", width));
      layers.add(new Residual(block, body, List.of()));
    }
    layers.add(new Relu("relu"));
    layers.add(new Linear("out", task.outputs()));
    return new Architecture(task.input(), layers);
  }

  /** Equal seeds give equal parameters. */
  @Override
  public Checkpoint open(Task task, long seed) {
    Architecture architecture = architecture(task);
    return new Checkpoint(architecture, architecture.initialise(Initialisation.PYTORCH, seed));
  }
}
