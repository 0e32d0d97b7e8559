package io.secateur.quantization.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import io.secateur.model.Checkpoint;
import io.secateur.model.Coupling;
import io.secateur.model.Tensor;
import io.secateur.model.UnitSpace;
import io.secateur.prune.Compactor;
import io.secateur.sparsity.Mask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random networks of all kinds of layers: the runtime computes what the engine does. */
@Tag("engine")
class AgreementPropertyTest {
  private static final int NETWORKS = 120;

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
  void outputsAgreeForBatchesOfOneAndOfSeveral() throws IOException {
    Set<String> kinds = new TreeSet<>();
    for (long seed = 0; seed < NETWORKS; seed++) {
      Checkpoint model = Networks.drawn(seed);
      model.architecture().places().forEach(place -> kinds.add(place.kind()));
      for (int examples : new int[] {1, 5}) {
        Agreement agreement = Agreement.of(model, examples, seed, folder);

        assertThat(agreement.apart())
            .as("seed %d, %d examples: %s", seed, examples, model.architecture())
            .isLessThan(1e-5);
      }
    }
    assertThat(kinds).hasSize(25);
  }

  /** Masked and made smaller, which gives norms that count features that are gone. */
  @Test
  void outputsOfMaskedAndOfCompactedModelsAgree() throws IOException {
    int smaller = 0;
    for (long seed = 1000; seed < 1000 + NETWORKS / 2; seed++) {
      Checkpoint masked = masked(Networks.drawn(seed), new Random(seed));
      Checkpoint compacted = Compactor.compact(masked).checkpoint();
      smaller += compacted.architecture().equals(masked.architecture()) ? 0 : 1;

      for (Checkpoint model : List.of(masked, compacted)) {
        Agreement agreement = Agreement.of(model, 3, seed, folder);

        assertThat(agreement.apart())
            .as("seed %d: %s", seed, model.architecture())
            .isLessThan(1e-5);
      }
    }
    assertThat(smaller).isGreaterThan(NETWORKS / 4);
  }

  private static Checkpoint masked(Checkpoint model, Random random) {
    Coupling coupling = model.architecture().coupling();
    BitSet gone = new BitSet();
    for (UnitSpace space : coupling.spaces()) {
      for (int unit = space.first(); unit < space.first() + space.size(); unit++) {
        gone.set(unit, space.fixed().isEmpty() && random.nextBoolean());
      }
    }
    coupling.makers().values().forEach(units -> gone.clear(units.nextSetBit(0)));
    Map<String, Mask> masks = coupling.masks(gone);
    Map<String, Tensor> parameters = new LinkedHashMap<>(model.parameters());
    masks.forEach(
        (name, mask) -> {
          float[] values = model.parameter(name).toFloats();
          for (int i = 0; i < values.length; i++) {
            values[i] = mask.keeps(i) ? values[i] : 0;
          }
          parameters.put(name, Tensor.of(model.parameter(name).shape(), values));
        });
    return model.withParameters(parameters).withMasks(masks);
  }
}
