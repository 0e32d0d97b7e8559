package io.secateur.zoo;

import io.secateur.model.Architecture;
import io.secateur.model.Conv2d;
import io.secateur.model.Flatten;
import io.secateur.model.Layer;
import io.secateur.model.Linear;
import io.secateur.model.MaxPool2d;
import io.secateur.model.Relu;
import io.secateur.spi.Task;
import java.util.ArrayList;
import java.util.List;

/** The layers that Conv-2, Conv-4 and Conv-6 share: pairs of convolutions, then three linear. */
final class ConvPairs {
  private static final int FIRST = 64;
  private static final int HIDDEN = 256;

  private ConvPairs() {}

  /** Returns so many pairs; each has twice the filters of the one before it. */
  static Architecture architecture(String model, int pairs, Task task) {
    Zoo.refuseTokens(model, task);
    List<Layer> layers = new ArrayList<>();
    for (int pair = 0; pair < pairs; pair++) {
      for (int i = 1; i <= 2; i++) {
        int number = 2 * pair + i;
        layers.add(new Conv2d("conv" + number, FIRST << pair, 3, 1, 1));
        layers.add(new Relu("relu" + number));
      }
      layers.add(new MaxPool2d("pool" + (pair + 1), 2, 2));
    }
    layers.add(new Flatten("flatten"));
    layers.add(new Linear("fc1", HIDDEN));
    layers.add(new Relu("fc1-relu"));
    layers.add(new Linear("fc2", HIDDEN));
    layers.add(new Relu("fc2-relu"));
    layers.add(new Linear("fc3", task.outputs()));
    return Zoo.of(model, task, layers);
  }
}
