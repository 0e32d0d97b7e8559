package io.secateur.zoo;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Task;
import java.util.List;
import java.util.Optional;

/**
 * A model whose layers a study file lists, one after the other, with residual and concatenated
 * blocks.
 *
 * @param layers in order; the first meets the input
 * @param init how parameters start
 */
public record Listed(List<LayerSetting> layers, Initialisation init) implements ModelSource {
  /** Layers are required where it is used. */
  public Listed() {
    this(List.of(), Initialisation.PYTORCH);
  }

  public Listed {
    layers = List.copyOf(layers);
  }

  @Override
  public String name() {
    return "layers";
  }

  @Override
  public String description() {
    return """
        A model listed layer by layer: layers: [{conv2d: {filters: 32, kernel: 3}}, relu, max-pool2d,
        flatten, {linear: {units: 100}}, relu, linear]. A layer without a name is called by its place,
        as in torch.nn.Sequential: 0.weight, 4.weight. linear without units gives what the task asks
        for. residual has a body and, where that changes the shape, a shortcut; concat has branches:
        {residual: {body: [{conv2d: {filters: 32, padding: 1}}, batch-norm]}}. With other settings,
        write {layers: {layers: [...], init: glorot-normal}}.\
        """;
  }

  @Override
  public Architecture architecture(Task task) {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException(
          "layers needs the layers of the model, as in layers: [flatten, {linear: {units: 100}},"
              + " relu, linear]");
    }
    Zoo.refuseTokenPrediction(name(), task);
    refuseOtherInputs(task);
    Architecture architecture =
        Zoo.of(name(), task, LayerSetting.layers(layers, "", task.outputs()));
    long outputs = architecture.output().size();
    if (architecture.output().dimension() != 1 || outputs != task.outputs()) {
      throw new IllegalArgumentException(
          "layers end in %s, the data set asks for %d outputs; end with 'linear'"
              .formatted(architecture.output(), task.outputs()));
    }
    return architecture;
  }

  /** Texts need an embedding first, which takes nothing else. */
  private void refuseOtherInputs(Task task) {
    Optional<LayerSetting.Embedding> table =
        layers.get(0) instanceof LayerSetting.Embedding first
            ? Optional.of(first)
            : Optional.empty();
    int known = table.map(LayerSetting.Embedding::vocabulary).orElse(0);
    if (table.isPresent() && task.vocabulary() == 0) {
      throw new IllegalArgumentException(
          "layers begin with an embedding, which takes ids of words, and the data set gives"
              + " numbers; use data of texts, such as sst2, or begin with another layer");
    }
    if (known < task.vocabulary()) {
      throw new IllegalArgumentException(
          "the data set gives texts as ids of %d words, %s; begin with {embedding: {vocabulary: %d}}"
              .formatted(
                  task.vocabulary(),
                  table.isPresent()
                      ? "the first layer has " + known
                      : "and the first layer takes numbers",
                  task.vocabulary()));
    }
  }

  @Override
  public Checkpoint open(Task task, long seed) {
    return Zoo.fresh(architecture(task), init, seed);
  }
}
