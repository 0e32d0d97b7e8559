package io.secateur.zoo;

import io.secateur.model.Architecture;
import io.secateur.model.Attention;
import io.secateur.model.Checkpoint;
import io.secateur.model.Dropout;
import io.secateur.model.Embedding;
import io.secateur.model.Gelu;
import io.secateur.model.Initialisation;
import io.secateur.model.Layer;
import io.secateur.model.LayerNorm;
import io.secateur.model.Linear;
import io.secateur.model.MeanOverPositions;
import io.secateur.model.PositionEmbedding;
import io.secateur.model.Residual;
import io.secateur.model.Tensor;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A transformer encoder that tells texts apart (Vaswani et al., 2017; normalised before each block
 * as in Xiong et al., 2020): embeddings of words and positions, encoder layers of attention and an
 * MLP, the mean over the words. Parameters of the first encoder layer: {@code
 * encoder.0.norm1.weight}, {@code encoder.0.attention.q_proj.weight}, also k_proj, v_proj and
 * out_proj, {@code encoder.0.norm2.weight}, {@code encoder.0.mlp.fc1.weight}, and fc2.
 *
 * @param width numbers per word and position
 * @param layers encoder layers
 * @param heads of each attention; they divide the width
 * @param mlp units of each MLP
 * @param dropout the probability with which numbers are left out while training: behind the
 *     embeddings, the attentions and the MLPs
 * @param init how parameters start; both tables of embeddings 50 times smaller
 */
public record TransformerEncoder(
    int width, int layers, int heads, int mlp, double dropout, Initialisation init)
    implements ModelSource {
  /** How much smaller both tables start than PyTorch draws them: as BERT and GPT-2 do. */
  private static final float TABLES = 0.02f;

  /** Two layers of width 128 with 4 heads and MLPs of 256 units, dropout 0.1. */
  public TransformerEncoder() {
    this(128, 2, 4, 256, 0.1, Initialisation.PYTORCH);
  }

  public TransformerEncoder {
    if (layers < 1 || mlp < 1) {
      throw new IllegalArgumentException(
          "layers and mlp must be at least 1, were %d and %d".formatted(layers, mlp));
    }
    if (width < 1 || heads < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "width must be a multiple of heads, were %d and %d".formatted(width, heads));
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout must be at least 0 and below 1, was " + dropout);
    }
  }

  @Override
  public String name() {
    return "transformer-encoder";
  }

  @Override
  public String description() {
    return """
        A transformer encoder that tells texts apart (Vaswani et al., 2017; norms first, Xiong et
        al., 2020): embedding plus position_embedding, then encoder layers, each norm1, attention
        (q_proj, k_proj, v_proj, out_proj) and norm2, mlp (fc1, GELU, fc2) with residual sums around
        both, then norm, the mean over the words, and classifier. Padding is not attended to and not
        averaged. Both embeddings start normal with deviation 0.02, as in BERT.\
        """;
  }

  @Override
  public Architecture architecture(Task task) {
    Zoo.refuseNumbers(name(), task);
    List<Layer> all = new ArrayList<>();
    all.add(new Embedding("embedding", task.vocabulary(), width, 0));
    all.add(new PositionEmbedding("position_embedding"));
    drop("dropout", all);
    for (int i = 0; i < layers; i++) {
      String layer = "encoder." + i;
      all.add(new Residual(layer + ".attention_block", attention(layer), List.of()));
      all.add(new Residual(layer + ".mlp_block", mlp(layer), List.of()));
    }
    all.add(new LayerNorm("norm"));
    all.add(new MeanOverPositions("mean"));
    all.add(new Linear("classifier", task.outputs()));
    return Zoo.of(name(), task, all);
  }

  private List<Layer> attention(String layer) {
    String own = layer + ".attention";
    List<Layer> body = new ArrayList<>();
    body.add(new LayerNorm(layer + ".norm1"));
    body.add(
        new Attention(
            own,
            List.of(new Linear(own + ".q_proj", width)),
            List.of(new Linear(own + ".k_proj", width)),
            List.of(new Linear(own + ".v_proj", width)),
            width / heads,
            false,
            0));
    body.add(new Linear(own + ".out_proj", width));
    drop(layer + ".dropout1", body);
    return body;
  }

  private List<Layer> mlp(String layer) {
    List<Layer> body = new ArrayList<>();
    body.add(new LayerNorm(layer + ".norm2"));
    body.add(new Linear(layer + ".mlp.fc1", mlp));
    body.add(new Gelu(layer + ".mlp.gelu"));
    body.add(new Linear(layer + ".mlp.fc2", width));
    drop(layer + ".dropout2", body);
    return body;
  }

  private void drop(String name, List<Layer> to) {
    if (dropout > 0) {
      to.add(new Dropout(name, dropout));
    }
  }

  @Override
  public Checkpoint open(Task task, long seed) {
    Checkpoint fresh = Zoo.fresh(architecture(task), init, seed);
    Map<String, Tensor> parameters = new HashMap<>(fresh.parameters());
    for (String table : List.of("embedding.weight", "position_embedding.weight")) {
      parameters.computeIfPresent(table, (name, numbers) -> scaled(numbers));
    }
    return fresh.withParameters(parameters);
  }

  /** With PyTorch's deviation of 1, random numbers of positions would drown the words for long. */
  private static Tensor scaled(Tensor table) {
    float[] numbers = table.toFloats();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] *= TABLES;
    }
    return Tensor.of(table.shape(), numbers);
  }
}
