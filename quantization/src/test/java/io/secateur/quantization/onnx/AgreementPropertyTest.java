package io.secateur.quantization.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import io.secateur.model.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
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
}
