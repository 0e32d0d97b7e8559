package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes an architecture in the engine; its parameters carry the architecture's names. */
public final class NetworkBlock extends AbstractBlock {
  NetworkBlock() {}

  /** Sees what goes into and comes out of each layer with parameters. */
  public interface Tap {
    /** Called before a layer computes: its name, and the batch of inputs. */
    void input(String layer, NDArray input);

    /**
     * Called after a layer has computed; what it returns goes on to the next layer, so that
     * gradients with respect to an output can be had.
     */
    default NDArray output(String layer, NDArray output) {
      return output;
    }
  }

  /** Returns the arrays of the parameters by name, in order; they belong to this block. */
  public Map<String, NDArray> arrays() {
    throw new UnsupportedOperationException();
  }

  /** Returns copies of the parameters as they are now. */
  public Map<String, Tensor> tensors() {
    throw new UnsupportedOperationException();
  }

  /** Lets a tap see all layers from now on. */
  public void tap(Tap tap) {
    throw new UnsupportedOperationException(tap.toString());
  }

  /** Computes a batch: (batch, …input) to (batch, …output). */
  public NDArray forward(NDArray batch, boolean training) {
    throw new UnsupportedOperationException(batch + " " + training);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    throw new UnsupportedOperationException();
  }
}
