package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Scaled dot-product attention in several heads (Vaswani et al., 2017): queries, keys and values
 * that three branches make of the input, (positions, heads × head size) each, to (positions, heads
 * × head size). A linear layer behind it mixes the heads. Where queries have more heads than keys
 * and values, consecutive ones share a head of those (Ainslie et al., 2023). Positions that hold
 * padding are not looked at.
 *
 * @param headSize features of a head
 * @param causal whether a position sees only itself and those before it
 * @param rotary the base of rotary position embeddings (Su et al., 2021), features of a head paired
 *     by halves as in Hugging Face's Llama; 0 for none
 */
public record Attention(
    String name,
    List<Layer> query,
    List<Layer> key,
    List<Layer> value,
    int headSize,
    boolean causal,
    double rotary)
    implements Layer.Branching {
  /** So far below every score that nothing of it is left behind a softmax. */
  private static final float HIDDEN = -1e9f;

  public Attention {
    Settings.named(name);
    query = List.copyOf(query);
    key = List.copyOf(key);
    value = List.copyOf(value);
    Settings.atLeast(name, "headSize", headSize, 1);
    if (!(rotary >= 0) || (rotary > 0 && headSize % 2 != 0)) {
      throw new IllegalArgumentException(
          "layer %s (attention): rotary positions need a base above 0 and an even head size, were"
                  .formatted(name)
              + " given %s and %d".formatted(rotary, headSize));
    }
  }

  @Override
  public List<List<Layer>> branches() {
    return List.of(query, key, value);
  }

  @Override
  public int joinedTogether() {
    return headSize;
  }

  @Override
  public Shape joined(List<Shape> ends) {
    Shape queries = ends.get(0);
    Shape keys = ends.get(1);
    ends.forEach(end -> Settings.sequence(name, "attention", end));
    boolean heads = queries.get(1) % headSize == 0 && keys.get(1) % headSize == 0;
    if (!keys.equals(ends.get(2))
        || queries.get(0) != keys.get(0)
        || !heads
        || queries.get(1) % keys.get(1) != 0) {
      throw new IllegalArgumentException(
          ("layer %s (attention): queries %s, keys %s and values %s do not go together in heads of"
                  + " %d; keys and values need equal shapes, queries a multiple of their heads")
              .formatted(name, queries, keys, ends.get(2), headSize));
    }
    return queries;
  }

  @Override
  public long macs(List<Shape> ends) {
    long positions = ends.get(0).get(0);
    // Scores of all pairs, and their means of the values.
    return 2 * positions * positions * ends.get(0).get(1);
  }

  @Override
  public NDArray join(List<NDArray> ends) {
    return join(ends, Optional.empty());
  }

  @Override
  public NDArray join(List<NDArray> ends, Optional<NDArray> present) {
    return Between.closing(() -> attended(ends, present));
  }

  private NDArray attended(List<NDArray> ends, Optional<NDArray> present) {
    Shape shape = ends.get(0).getShape();
    long batch = shape.get(0);
    long positions = shape.get(1);
    NDArray keys = heads(ends.get(1));
    NDArray values = heads(ends.get(2));
    NDArray queries = heads(ends.get(0));
    if (rotary > 0) {
      queries = rotated(queries);
      keys = rotated(keys);
    }
    long groups = keys.getShape().get(1);
    long shared = queries.getShape().get(1) / groups;
    // Queries that share keys stand below one another.
    Shape below = new Shape(batch, groups, shared * positions, headSize);
    NDArray scores =
        queries
            .reshape(below)
            .matMul(keys.transpose(0, 1, 3, 2))
            .mul(
                Between.constant(
                    queries.getManager(), new Shape(1), (float) (1 / Math.sqrt(headSize))));
    NDArray context = shares(scores, shared, positions, present).matMul(values);
    return context
        .reshape(batch, groups * shared, positions, headSize)
        .transpose(0, 2, 1, 3)
        .reshape(shape);
  }

  /** (batch, positions, features) to (batch, heads, positions, head size). */
  private NDArray heads(NDArray end) {
    Shape shape = end.getShape();
    return end.reshape(shape.get(0), shape.get(1), shape.get(2) / headSize, headSize)
        .transpose(0, 2, 1, 3);
  }

  private NDArray shares(NDArray scores, long shared, long positions, Optional<NDArray> present) {
    Shape flat = scores.getShape();
    NDArray seen = scores.reshape(flat.get(0), flat.get(1), shared, positions, positions);
    if (causal) {
      seen = seen.add(before(positions, scores.getManager()));
    }
    if (present.isPresent()) {
      NDArray hidden = present.get().sub(1).mul(-HIDDEN);
      seen = seen.add(hidden.reshape(flat.get(0), 1, 1, 1, positions));
    }
    return seen.softmax(-1).reshape(flat);
  }

  private static NDArray before(long positions, NDManager manager) {
    int side = Math.toIntExact(positions);
    float[] hidden = new float[side * side];
    for (int row = 0; row < side; row++) {
      for (int column = row + 1; column < side; column++) {
        hidden[row * side + column] = HIDDEN;
      }
    }
    return Between.constant(manager, new Shape(side, side), hidden);
  }

  private NDArray rotated(NDArray heads) {
    int positions = Math.toIntExact(heads.getShape().get(2));
    int half = headSize / 2;
    float[] cosines = new float[positions * headSize];
    float[] sines = new float[positions * headSize];
    for (int position = 0; position < positions; position++) {
      for (int i = 0; i < headSize; i++) {
        double angle = position * Math.pow(rotary, -2.0 * (i % half) / headSize);
        cosines[position * headSize + i] = (float) Math.cos(angle);
        sines[position * headSize + i] = (float) (i < half ? -Math.sin(angle) : Math.sin(angle));
      }
    }
    NDManager manager = heads.getManager();
    Shape table = new Shape(positions, headSize);
    NDArray first = heads.get("..., :" + half);
    NDArray second = heads.get("..., " + half + ":");
    NDArray crossed = NDArrays.concat(new NDList(second, first), -1);
    return heads
        .mul(Between.constant(manager, table, cosines))
        .add(crossed.mul(Between.constant(manager, table, sines)));
  }

  @Override
  public Joint joint() {
    return Joint.HEADS;
  }

  @Override
  public Attention with(List<List<Layer>> other) {
    return new Attention(name, other.get(0), other.get(1), other.get(2), headSize, causal, rotary);
  }
}
