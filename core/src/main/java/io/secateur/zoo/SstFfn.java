package io.secateur.zoo;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Embedding;
import io.secateur.model.Initialisation;
import io.secateur.model.Layer;
import io.secateur.model.Linear;
import io.secateur.model.MeanOverPositions;
import io.secateur.model.Relu;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * A feed-forward network for texts: the mean of their words' embeddings through hidden layers with
 * ReLU. Parameters {@code embedding.weight}, {@code layers.0.weight}, {@code layers.0.bias}, …
 * {@code out.weight}, {@code out.bias}.
 *
 * @param hidden units of each hidden layer, in order; none makes a linear model
 * @param embedding numbers per word
 * @param init how parameters start
 */
public record SstFfn(List<Integer> hidden, int embedding, Initialisation init)
    implements ModelSource {
  /** Three hidden layers of 256 units behind embeddings of 256 numbers. */
  public SstFfn() {
    this(List.of(256, 256, 256), 256, Initialisation.PYTORCH);
  }

  public SstFfn {
    hidden = List.copyOf(hidden);
    for (int units : hidden) {
      if (units < 1) {
        throw new IllegalArgumentException(
            "a hidden layer has at least 1 unit, hidden was " + hidden);
      }
    }
    if (embedding < 1) {
      throw new IllegalArgumentException("embedding must be at least 1, was " + embedding);
    }
  }

  @Override
  public String name() {
    return "sst-ffn";
  }

  @Override
  public String description() {
    return """
        A feed-forward network for texts: embedding looks up numbers for each word, their mean over
        the words goes through hidden layers with ReLU, layers.0, layers.1, ..., to out. The order of
        words does not count. hidden lists the units of each hidden layer. With sst2's vocabulary of
        10,000 words, 2,560,000 of its 2,757,890 parameters are in the embedding, which starts
        normal with deviation 1, with 0 for padding; prune with exclude: [embedding.weight] to
        prune the layers alone.\
        """;
  }

  @Override
  public Architecture architecture(Task task) {
    Zoo.refuseNumbers(name(), task);
    List<Layer> layers = new ArrayList<>();
    layers.add(new Embedding("embedding", task.vocabulary(), embedding, 0));
    layers.add(new MeanOverPositions("mean"));
    for (int i = 0; i < hidden.size(); i++) {
      layers.add(new Linear("layers." + i, hidden.get(i)));
      layers.add(new Relu("relu." + i));
    }
    layers.add(new Linear("out", task.outputs()));
    return Zoo.of(name(), task, layers);
  }

  @Override
  public Checkpoint open(Task task, long seed) {
    return Zoo.fresh(architecture(task), init, seed);
  }
}
