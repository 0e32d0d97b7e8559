package io.secateur.study;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Quantization;
import io.secateur.model.Tensor;
import io.secateur.model.TrainingState;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import io.secateur.study.Manifest.Bytes;
import io.secateur.study.Manifest.Model;
import io.secateur.study.Manifest.Numbers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Takes checkpoints apart into blobs, and puts them together again. */
final class Shelf {
  private final Blobs blobs;

  Shelf(Blobs blobs) {
    this.blobs = blobs;
  }

  Model put(Checkpoint checkpoint) throws IOException {
    List<Bytes> masks = new ArrayList<>();
    for (Map.Entry<String, Mask> mask : new TreeMap<>(checkpoint.masks()).entrySet()) {
      masks.add(bytes(mask.getKey(), mask.getValue().toBytes()));
    }
    List<Bytes> attachments = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : new TreeMap<>(checkpoint.attachments()).entrySet()) {
      attachments.add(bytes(file.getKey(), file.getValue()));
    }
    Manifest.Training training = null;
    if (checkpoint.training().isPresent()) {
      TrainingState state = checkpoint.training().get();
      training =
          new Manifest.Training(
              state.step(),
              state.total(),
              numbers(new TreeMap<>(state.optimizer())),
              state.history());
    }
    return new Model(
        checkpoint.architecture().toJson(),
        numbers(checkpoint.parameters()),
        masks,
        training,
        attachments,
        grids(checkpoint));
  }

  private Manifest.@Nullable Grids grids(Checkpoint checkpoint) throws IOException {
    if (checkpoint.quantization().isEmpty()) {
      return null;
    }
    Quantization quantization = checkpoint.quantization().get();
    return new Manifest.Grids(quantization.toJson(), numbers(quantization.scales()));
  }

  private Bytes bytes(String name, byte[] bytes) throws IOException {
    return new Bytes(name, blobs.write(List.of(ByteBuffer.wrap(bytes))));
  }

  private List<Numbers> numbers(Map<String, Tensor> tensors) throws IOException {
    List<Numbers> numbers = new ArrayList<>();
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      numbers.add(
          new Numbers(
              entry.getKey(),
              tensor.type().name(),
              Arrays.stream(tensor.shape().getShape()).boxed().toList(),
              blobs.write(tensor.chunks())));
    }
    return numbers;
  }

  Checkpoint take(Manifest manifest) throws IOException {
    String key = manifest.key();
    Model model = manifest.model();
    if (model == null) {
      throw new IllegalStateException("step " + key + " is a measurement, not a checkpoint");
    }
    Map<String, Tensor> parameters = tensors(model.parameters(), key);
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (Bytes mask : model.masks()) {
      Tensor weight = parameters.get(mask.name());
      if (weight == null) {
        throw new DamagedStepException(key, "a mask of no parameter: " + mask.name());
      }
      masks.put(mask.name(), Mask.of(Form.of(weight.shape().getShape()), array(mask.blob(), key)));
    }
    Map<String, byte[]> attachments = new LinkedHashMap<>();
    for (Bytes file : model.attachments()) {
      attachments.put(file.name(), array(file.blob(), key));
    }
    Manifest.Training training = model.training();
    Manifest.Grids grids = model.quantization();
    return new Checkpoint(
        Architecture.fromJson(model.architecture()),
        parameters,
        masks,
        training == null
            ? Optional.empty()
            : Optional.of(
                new TrainingState(
                    training.step(),
                    training.total(),
                    tensors(training.optimizer(), key),
                    training.history())),
        attachments,
        grids == null
            ? Optional.empty()
            : Optional.of(Quantization.fromJson(grids.json(), tensors(grids.scales(), key))));
  }

  private Map<String, Tensor> tensors(List<Numbers> numbers, String key) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Numbers each : numbers) {
      Shape shape = new Shape(each.shape().stream().mapToLong(Long::longValue).toArray());
      tensors.put(
          each.name(),
          Tensor.of(DataType.valueOf(each.type()), shape, blobs.read(each.blob(), key)));
    }
    return tensors;
  }

  byte[] array(Blobs.Ref ref, String key) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(ref.bytes())];
    int at = 0;
    for (ByteBuffer chunk : blobs.read(ref, key)) {
      int length = chunk.remaining();
      chunk.get(bytes, at, length);
      at += length;
    }
    return bytes;
  }
}
