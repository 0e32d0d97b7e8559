package io.secateur.model;

import ai.djl.ndarray.types.DataType;
import java.util.LinkedHashMap;
import java.util.Map;

/** The state dict itself. */
final class DenseCodec implements Encoding.Codec {
  @Override
  public Map<String, Tensor> encode(Checkpoint checkpoint) {
    return checkpoint.parameters();
  }

  @Override
  public Checkpoint decode(Architecture architecture, Parts parts) {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    for (ParameterSpec spec : architecture.parameters()) {
      parameters.put(spec.name(), parts.take(spec.name(), DataType.FLOAT32, spec.shape()));
    }
    return new Checkpoint(architecture, parameters);
  }
}
