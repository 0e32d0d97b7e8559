package io.secateur.methods.wanda;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Layer;
import io.secateur.model.LogSoftmax;
import io.secateur.model.NetworkBlock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One pass of ones through the magnitudes of a network, and back. */
final class SynapticFlow {
  private SynapticFlow() {}

  /** Returns |w · ∂R/∂w| of some weights, by name, in their order. */
  static Map<String, float[]> of(Checkpoint model, Collection<String> names, Device device) {
    Map<String, float[]> scores = new LinkedHashMap<>();
    try (NDManager manager = NDManager.newBaseManager(device, "PyTorch");
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NetworkBlock block = linear(model.architecture()).block(model.parameters(), manager);
      block.arrays().values().forEach(parameter -> parameter.abs().copyTo(parameter));
      block.requireGradients(true);
      NDArray ones = manager.ones(new Shape(1).addAll(model.architecture().input()));
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        collector.backward(block.forward(ones, false).sum());
      }
      for (String name : names) {
        NDArray weight = Objects.requireNonNull(block.arrays().get(name));
        float[] flow = weight.getGradient().mul(weight.stopGradient()).abs().toFloatArray();
        for (float each : flow) {
          if (!Float.isFinite(each)) {
            throw new IllegalArgumentException(
                "synflow: what flows through %s is %s, more than float32 holds"
                        .formatted(name, each)
                    + "; a network this deep or wide needs smaller weights, or another method");
          }
        }
        scores.put(name, flow);
      }
    }
    return scores;
  }

  /** The network to where its outputs are sums; a log-softmax only compares them. */
  private static Architecture linear(Architecture architecture) {
    List<Layer> layers = architecture.layers();
    int last = layers.size() - 1;
    return last > 0 && layers.get(last) instanceof LogSoftmax
        ? new Architecture(architecture.input(), layers.subList(0, last))
        : architecture;
  }
}
