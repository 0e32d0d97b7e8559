package io.secateur.quantization.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A model in ONNX Runtime, on the processor. Closing it ends its threads. */
final class Session implements AutoCloseable {
  private final OrtSession session;

  private Session(OrtSession session) {
    this.session = session;
  }

  /**
   * How a model is run.
   *
   * @param threads that compute one operator together
   * @param precise whether integers are multiplied so that no sum of them overflows, where the
   *     processor's instructions would let it; slower there, and without effect elsewhere
   * @param optimised where the graph is written as the runtime has fused it
   */
  record Options(int threads, boolean precise, Optional<Path> optimised) {
    /** Nothing is written. */
    Options(int threads, boolean precise) {
      this(threads, precise, Optional.empty());
    }
  }

  /** Opens a file. */
  static Session open(Path model, Options options) throws IOException {
    OrtEnvironment environment = Natives.environment();
    try (OrtSession.SessionOptions how = new OrtSession.SessionOptions()) {
      how.setIntraOpNumThreads(options.threads());
      how.setInterOpNumThreads(1);
      how.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      // Threads that wait for work would otherwise keep the processor from whoever computes next.
      how.addConfigEntry("session.force_spinning_stop", "1");
      if (options.precise()) {
        how.addConfigEntry("session.x64quantprecision", "1");
      }
      if (options.optimised().isPresent()) {
        how.setOptimizedModelFilePath(options.optimised().get().toString());
      }
      return new Session(environment.createSession(model.toString(), how));
    } catch (OrtException fault) {
      throw refused(model + " cannot be opened", fault);
    }
  }

  private static IOException refused(String what, OrtException fault) {
    return new IOException("ONNX Runtime: %s: %s".formatted(what, fault.getMessage()), fault);
  }

  /**
   * A batch in the runtime's memory.
   *
   * @param tensor float32 numbers or int64 ids, as the network takes them
   */
  record Batch(OnnxTensor tensor) implements AutoCloseable {
    /** Copies a batch of the engine's. */
    static Batch of(NDArray inputs) throws IOException {
      ByteBuffer bytes = inputs.toByteBuffer();
      long[] shape = inputs.getShape().getShape();
      try {
        OrtEnvironment environment = Natives.environment();
        return new Batch(
            inputs.getDataType() == DataType.INT64
                ? OnnxTensor.createTensor(environment, bytes.asLongBuffer(), shape)
                : OnnxTensor.createTensor(environment, bytes.asFloatBuffer(), shape));
      } catch (OrtException fault) {
        throw refused("a batch cannot be copied", fault);
      }
    }

    @Override
    public void close() {
      tensor.close();
    }
  }

  /** Computes a batch; returns the outputs of all examples, one after the other. */
  float[] run(Batch batch) throws IOException {
    try (OrtSession.Result result = session.run(Map.of(Graph.INPUT, batch.tensor()))) {
      OnnxValue output = result.get(0);
      FloatBuffer numbers = ((OnnxTensor) output).getFloatBuffer();
      float[] all = new float[numbers.remaining()];
      numbers.get(all);
      return all;
    } catch (OrtException fault) {
      throw refused("a batch cannot be computed", fault);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      session.close();
    } catch (OrtException fault) {
      throw refused("the model cannot be closed", fault);
    }
  }
}
