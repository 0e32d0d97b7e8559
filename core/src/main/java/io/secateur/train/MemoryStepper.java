package io.secateur.train;

import ai.djl.ndarray.NDArray;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Lanes;
import io.secateur.sparsity.Mask;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Steps on the tensors' own memory, in one pass over weight, gradient and slots. Chunks are
 * independent of each other, so that the number of threads never shows in the result.
 */
final class MemoryStepper implements Stepper {
  /** Numbers that stay in a core's cache; whole words of a mask. */
  private static final int CHUNK = 4096;

  private final Rule rule;
  private final List<Target> targets;
  private final List<FloatBuffer> weights = new ArrayList<>();
  private final List<Chunk> chunks = new ArrayList<>();
  private final ThreadLocal<float[][]> scratch = ThreadLocal.withInitial(() -> new float[2][CHUNK]);
  private final int threads;
  private final ForkJoinPool pool;

  /** Part of a parameter, and its slots. */
  private static final class Chunk {
    final int target;
    final int first;
    final int length;
    final float[][] slots;

    Chunk(int target, int first, float[][] slots, int length) {
      this.target = target;
      this.first = first;
      this.slots = slots;
      this.length = length;
    }
  }

  MemoryStepper(Rule rule, List<Target> targets, Map<String, Tensor> state) {
    this(rule, targets, state, Lanes.most());
  }

  MemoryStepper(Rule rule, List<Target> targets, Map<String, Tensor> state, int threads) {
    this.rule = rule;
    this.targets = List.copyOf(targets);
    for (int target = 0; target < targets.size(); target++) {
      FloatBuffer weight = memory(targets.get(target).weight());
      // From here on pruned cells are 0 and their gradients are: then every rule leaves them at 0.
      targets.get(target).mask().ifPresent(mask -> mask.zero(weight, 0));
      weights.add(weight);
      List<Optional<Tensor>> slots = Stepper.slots(rule, targets.get(target), state);
      for (int first = 0; first < weight.limit(); first += CHUNK) {
        int length = Math.min(CHUNK, weight.limit() - first);
        chunks.add(new Chunk(target, first, part(target, slots, first, length), length));
      }
    }
    this.threads = threads;
    this.pool = new ForkJoinPool(Math.max(1, threads - 1));
  }

  private float[][] part(int target, List<Optional<Tensor>> slots, int first, int length) {
    float[][] part = new float[slots.size()][length];
    for (int slot = 0; slot < part.length; slot++) {
      float[] values = part[slot];
      slots.get(slot).ifPresent(tensor -> tensor.read(first, values, length));
      targets.get(target).mask().ifPresent(mask -> mask.zero(FloatBuffer.wrap(values), first));
    }
    return part;
  }

  @Override
  public void step(double rate, long step) {
    List<NDArray> arrays = targets.stream().map(target -> target.gradient().get()).toList();
    List<FloatBuffer> gradients = arrays.stream().map(MemoryStepper::memory).toList();
    AtomicInteger next = new AtomicInteger();
    Runnable share =
        () -> {
          for (int i; (i = next.getAndIncrement()) < chunks.size(); ) {
            update(chunks.get(i), gradients, rate, step);
          }
        };
    // This thread has a share too, so that it is at work while the others wake.
    List<ForkJoinTask<?>> shares = new ArrayList<>();
    for (int thread = 1; thread < threads; thread++) {
      shares.add(pool.submit(share));
    }
    share.run();
    shares.forEach(ForkJoinTask::join);
    arrays.forEach(NDArray::close);
  }

  private void update(Chunk chunk, List<FloatBuffer> gradients, double rate, long step) {
    FloatBuffer weight = weights.get(chunk.target);
    FloatBuffer gradient = gradients.get(chunk.target);
    float[] w = scratch.get()[0];
    float[] g = scratch.get()[1];
    weight.get(chunk.first, w, 0, chunk.length);
    gradient.get(chunk.first, g, 0, chunk.length);
    Optional<Mask> mask = targets.get(chunk.target).mask();
    mask.ifPresent(m -> m.zero(FloatBuffer.wrap(g, 0, chunk.length), chunk.first));
    rule.update(w, g, chunk.slots, chunk.length, rate, step);
    weight.put(chunk.first, w, 0, chunk.length);
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (int target = 0; target < targets.size(); target++) {
      for (int slot = 0; slot < rule.slots().size(); slot++) {
        state.put(
            targets.get(target).name() + "/" + rule.slots().get(slot),
            Tensor.of(targets.get(target).weight().getShape(), gathered(target, slot)));
      }
    }
    return state;
  }

  private float[] gathered(int target, int slot) {
    float[] values = new float[weights.get(target).limit()];
    for (Chunk chunk : chunks) {
      if (chunk.target == target) {
        System.arraycopy(chunk.slots[slot], 0, values, chunk.first, chunk.length);
      }
    }
    return values;
  }

  /** Returns an array's own memory; dies with the array. */
  static FloatBuffer memory(NDArray array) {
    return array.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}
