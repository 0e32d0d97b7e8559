package io.secateur.cli;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A child that says whether the engine's natives load and compute. */
final class NativesChild {
  private NativesChild() {}

  /** Answers into the file that the second argument names. */
  public static void main(String[] arguments) throws IOException {
    Engine engine = Engine.getInstance();
    float sum;
    try (NDManager manager = NDManager.newBaseManager()) {
      try (NDArray ones = manager.ones(new Shape(2, 3))) {
        sum = ones.matMul(ones.transpose()).sum().getFloat();
      }
    }
    ChildFiles.write(
        Map.of(
            "engine", engine.getEngineName() + " " + engine.getVersion(),
            "djl", Engine.getDjlVersion(),
            "gpus", Integer.toString(engine.getGpuCount()),
            "computes", Boolean.toString(sum == 12f)),
        Path.of(arguments[1]));
  }
}
