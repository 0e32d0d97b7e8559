package io.secateur.prune;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.CheckpointFiles;
import io.secateur.model.Coupling;
import io.secateur.model.Embedding;
import io.secateur.model.Owners;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Tensor;
import io.secateur.model.UnitSpace;
import io.secateur.sparsity.Mask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random networks, random units masked: masking and removing are the same. */
@Tag("engine")
class CompactorPropertyTest {
  private static final int NETWORKS = 300;

  @TempDir Path folder;
  private static int threads;

  /** Threads that wait for each other in layers this small cost more than all else here. */
  @BeforeAll
  static void oneThread() {
    Engine.getEngine("PyTorch");
    threads = JniUtils.getNumThreads();
    JniUtils.setNumThreads(1);
  }

  @AfterAll
  static void asManyAsBefore() {
    JniUtils.setNumThreads(threads);
  }

  @Test
  void removesWhatIsMaskedAndChangesNoOutput() {
    int removed = 0;
    for (long seed = 0; seed < 2 * NETWORKS; seed++) {
      Architecture architecture = drawn(seed);
      Coupling coupling = architecture.coupling();
      BitSet gone = units(coupling, new Random(seed), false);
      Checkpoint masked = masked(RandomNetworks.model(architecture, seed), coupling.masks(gone));

      Compacted compacted = Compactor.compact(masked);

      assertThat(compacted.left()).as("seed %d: %s", seed, architecture).isEmpty();
      assertThat(compacted.checkpoint().architecture())
          .as("seed %d: %s", seed, architecture)
          .isEqualTo(coupling.without(gone));
      assertThat(compacted.checkpoint().masks()).as("seed %d", seed).isEmpty();
      counts(seed, masked, gone, compacted.checkpoint().architecture());
      agree(seed, masked, compacted.checkpoint());
      removed += gone.cardinality();
    }
    assertThat(removed).isGreaterThan(6 * NETWORKS);
  }

  /** Every other network is one of texts. */
  private static Architecture drawn(long seed) {
    return seed % 2 == 0 ? RandomNetworks.architecture(seed / 2) : RandomNetworks.texts(seed / 2);
  }

  @Test
  void changesNoOutputWhateverIsMasked() {
    int smaller = 0;
    for (long seed = 2 * NETWORKS; seed < 4 * NETWORKS; seed++) {
      Architecture architecture = drawn(seed);
      Random random = new Random(seed);
      Checkpoint model = RandomNetworks.model(architecture, seed);
      Map<String, Mask> masks = new LinkedHashMap<>();
      for (ParameterSpec spec : architecture.parameters()) {
        if (spec.trainable() && random.nextInt(5) > 0) {
          masks.put(spec.name(), slices(spec, random));
        }
      }
      Checkpoint masked = masked(model, masks);

      Compacted compacted = Compactor.compact(masked);

      agree(seed, masked, compacted.checkpoint());
      assertThat(Compactor.compact(compacted.checkpoint()).removed()).as("seed %d", seed).isEmpty();
      smaller += compacted.removed().isEmpty() ? 0 : 1;
    }
    assertThat(smaller).isGreaterThan(NETWORKS / 2);
  }

  @Test
  void comesBackFromDiskAsItWas() throws IOException {
    for (long seed = 0; seed < 2 * NETWORKS; seed += 11) {
      Architecture architecture = drawn(seed);
      Coupling coupling = architecture.coupling();
      BitSet gone = units(coupling, new Random(seed), true);
      Checkpoint model = RandomNetworks.model(architecture, seed);
      Map<String, Mask> masks = new LinkedHashMap<>(coupling.masks(gone));
      Random random = new Random(seed);
      // Single weights of what stays are masked too.
      architecture
          .prunable()
          .forEach(
              spec -> {
                Mask half = Mask.of(spec.form(), cell -> random.nextBoolean());
                masks.merge(spec.name(), half, Mask::and);
              });
      Checkpoint small = Compactor.compact(masked(model, masks)).checkpoint();

      Path file = folder.resolve("model" + seed);
      CheckpointFiles.write(small, file);

      assertThat(CheckpointFiles.read(file)).as("seed %d", seed).isEqualTo(small);
    }
  }

  /** Draws units that go, but not all of a weight unless asked. */
  private static BitSet units(Coupling coupling, Random random, boolean all) {
    BitSet gone = new BitSet();
    for (UnitSpace space : coupling.spaces()) {
      if (space.fixed().isEmpty()) {
        double share = random.nextDouble();
        for (int unit = space.first(); unit < space.first() + space.size(); unit++) {
          gone.set(unit, random.nextDouble() < share);
        }
      }
    }
    if (!all) {
      coupling.makers().values().forEach(units -> gone.clear(units.nextSetBit(0)));
    }
    return gone;
  }

  private static Mask slices(ParameterSpec spec, Random random) {
    boolean rows = random.nextBoolean();
    BitSet gone = new BitSet();
    long size = rows ? spec.form().rows() : spec.form().inputs();
    for (int i = 0; i < size; i++) {
      gone.set(i, random.nextInt(3) > 0);
    }
    long columns = spec.form().columns();
    long kernel = spec.form().kernel();
    return Mask.of(
        spec.form(), cell -> !gone.get((int) (rows ? cell / columns : cell % columns / kernel)));
  }

  private static Checkpoint masked(Checkpoint model, Map<String, Mask> masks) {
    Map<String, Tensor> parameters = new LinkedHashMap<>(model.parameters());
    masks.forEach((name, mask) -> parameters.computeIfPresent(name, (n, t) -> t.masked(mask)));
    return model.withParameters(parameters).withMasks(masks);
  }

  /** What the masks of the larger network keep is what the smaller one has. */
  private static void counts(long seed, Checkpoint masked, BitSet gone, Architecture smaller) {
    long parameters = 0;
    long macs = 0;
    for (Architecture.Place place : masked.architecture().places()) {
      for (ParameterSpec spec : place.parameters()) {
        long kept = masked.mask(spec.name()).survivors();
        if (!spec.trainable()) {
          Owners owners = masked.architecture().coupling().owners(spec.name()).orElseThrow();
          for (int i = 0; i < owners.rows(); i++) {
            kept -= gone.get(owners.row(i)) ? 1 : 0;
          }
        }
        parameters += kept;
        if (spec.kind() == ParameterSpec.Kind.WEIGHT) {
          macs += place.macs() / spec.shape().size() * kept;
        }
      }
    }
    // What has no weight of its own is counted where it stands.
    for (Architecture.Place place : smaller.places()) {
      macs += place.parameters().isEmpty() ? place.macs() : 0;
    }
    assertThat(smaller.parameterCount()).as("parameters, seed %d", seed).isEqualTo(parameters);
    assertThat(smaller.macs()).as("multiply-accumulates, seed %d", seed).isEqualTo(macs);
  }

  private static void agree(long seed, Checkpoint masked, Checkpoint compacted) {
    Random random = new Random(seed);
    Shape batch = new Shape(2).addAll(masked.architecture().input());
    float[] numbers = new float[(int) batch.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    if (masked.architecture().layers().get(0) instanceof Embedding embedding) {
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = random.nextInt(embedding.vocabulary());
      }
    }
    float[] expected = outputs(masked, numbers, batch);
    float[] actual = outputs(compacted, numbers, batch);
    double largest = 0;
    double apart = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      apart = Math.max(apart, Math.abs(expected[i] - actual[i]));
    }
    assertThat(actual).hasSameSizeAs(expected);
    assertThat(apart)
        .as("seed %d: %s", seed, masked.architecture())
        .isLessThanOrEqualTo(1e-5 * largest);
  }

  private static float[] outputs(Checkpoint model, float[] numbers, Shape batch) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      boolean ids = model.architecture().layers().get(0) instanceof Embedding;
      NDArray input =
          manager.create(numbers, batch).toType(ids ? DataType.INT64 : DataType.FLOAT32, false);
      return model
          .architecture()
          .block(model.parameters(), manager)
          .forward(input, false)
          .toFloatArray();
    }
  }
}
