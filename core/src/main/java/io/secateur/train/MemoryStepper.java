package io.secateur.train;

import ai.djl.ndarray.NDArray;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Lanes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

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
  private final ThreadLocal<Sieve> sieve = ThreadLocal.withInitial(Sieve::new);
  private final int threads;
  private final ForkJoinPool pool;

  /**
   * Part of a parameter, its slots, and of a masked one, all bits for what is kept and none else.
   */
  private static final class Chunk {
    final int target;
    final int first;
    final int length;
    final float[][] slots;
    final Optional<int[]> kept;

    Chunk(int target, int first, float[][] slots, int length, Optional<int[]> kept) {
      this.target = target;
      this.first = first;
      this.slots = slots;
      this.length = length;
      this.kept = kept;
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
        float[][] part = part(target, slots, first, length);
        chunks.add(new Chunk(target, first, part, length, kept(target, first, length)));
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

  private Optional<int[]> kept(int target, int first, int length) {
    return targets
        .get(target)
        .mask()
        .map(
            mask ->
                IntStream.range(first, first + length).map(i -> mask.keeps(i) ? -1 : 0).toArray());
  }

  @Override
  public void step(double rate, long step) {
    List<NDArray> arrays = targets.stream().map(target -> target.gradient().get()).toList();
    List<ByteBuffer> gradients = arrays.stream().map(MemoryStepper::bytes).toList();
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

  private void update(Chunk chunk, List<ByteBuffer> gradients, double rate, long step) {
    FloatBuffer weight = weights.get(chunk.target);
    ByteBuffer gradient = gradients.get(chunk.target);
    float[] w = scratch.get()[0];
    float[] g = scratch.get()[1];
    weight.get(chunk.first, w, 0, chunk.length);
    if (chunk.kept.isPresent()) {
      sieve.get().read(gradient.asIntBuffer(), chunk.first, chunk.kept.get(), g);
    } else {
      gradient.asFloatBuffer().get(chunk.first, g, 0, chunk.length);
    }
    rule.update(w, g, chunk.slots, chunk.length, rate, step);
    weight.put(chunk.first, w, 0, chunk.length);
  }

  /** Lets only what is kept be other than +0.0, by its bits: of NaN a product would leave NaN. */
  private static final class Sieve {
    private final int[] bits = new int[CHUNK];
    private final ByteBuffer memory =
        ByteBuffer.allocateDirect(CHUNK * Float.BYTES).order(ByteOrder.nativeOrder());
    private final IntBuffer in = memory.asIntBuffer();
    private final FloatBuffer out = memory.asFloatBuffer();

    // By way of memory that stays in the core's cache: bits become floats by being read as such.
    void read(IntBuffer gradient, int first, int[] kept, float[] into) {
      gradient.get(first, bits, 0, kept.length);
      and(bits, kept);
      in.put(0, bits, 0, kept.length);
      out.get(0, into, 0, kept.length);
    }

    private static void and(int[] bits, int[] kept) {
      for (int i = 0; i < kept.length; i++) {
        bits[i] &= kept[i];
      }
    }
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
    return bytes(array).asFloatBuffer();
  }

  private static ByteBuffer bytes(NDArray array) {
    return array.toByteBuffer(true).order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}
