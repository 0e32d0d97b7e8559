package io.secateur.zoo;

import io.secateur.model.Architecture;
import io.secateur.model.BatchNorm;
import io.secateur.model.Conv2d;
import io.secateur.model.GlobalAvgPool2d;
import io.secateur.model.Layer;
import io.secateur.model.Linear;
import io.secateur.model.PadShortcut;
import io.secateur.model.Relu;
import io.secateur.model.Residual;
import io.secateur.spi.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * The residual networks of He et al. (2016), section 4.2, for CIFAR-10: a convolution, three stages
 * of n blocks of two convolutions with 16, 32 and 64 filters, a linear layer; 6n + 2 layers deep.
 * Shortcuts have no parameters (option A).
 */
final class CifarResNets {
  private CifarResNets() {}

  static String description(int depth, String parameters) {
    return """
        ResNet-%d for CIFAR-10 (He et al., 2016, section 4.2): conv1, three stages of %d blocks with
        16, 32 and 64 filters, linear; shortcuts without parameters (option A: every second pixel,
        channels of zeros around). %s parameters on 10 classes, named as in PyTorch
        (layer1.0.conv1.weight), batch-norm statistics not counted.\
        """
        .formatted(depth, blocks(depth), parameters);
  }

  private static int blocks(int depth) {
    return (depth - 2) / 6;
  }

  static Architecture architecture(String name, int depth, Task task) {
    Zoo.refuseTokens(name, task);
    List<Layer> layers = new ArrayList<>();
    layers.add(convolution("conv1", 16, 1));
    layers.add(new BatchNorm("bn1"));
    layers.add(new Relu("relu1"));
    int channels = 16;
    for (int stage = 1; stage <= 3; stage++) {
      int filters = 8 << stage;
      for (int block = 0; block < blocks(depth); block++) {
        String place = "layer%d.%d".formatted(stage, block);
        layers.add(block(place, channels, filters));
        layers.add(new Relu(place + ".relu2"));
        channels = filters;
      }
    }
    layers.add(new GlobalAvgPool2d("pool"));
    layers.add(new Linear("linear", task.outputs()));
    return Zoo.of(name, task, layers);
  }

  private static Layer block(String place, int channels, int filters) {
    int stride = channels == filters ? 1 : 2;
    int zeros = (filters - channels) / 2;
    return new Residual(
        place,
        List.of(
            convolution(place + ".conv1", filters, stride),
            new BatchNorm(place + ".bn1"),
            new Relu(place + ".relu1"),
            convolution(place + ".conv2", filters, 1),
            new BatchNorm(place + ".bn2")),
        stride == 1
            ? List.of()
            : List.of(new PadShortcut(place + ".shortcut", stride, zeros, zeros)));
  }

  private static Layer convolution(String name, int filters, int stride) {
    return new Conv2d(name, filters, 3, stride, 1, 1, false);
  }
}
