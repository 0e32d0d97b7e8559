package io.secateur.quantization.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Affine;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Linear;
import io.secateur.model.Quantization;
import io.secateur.model.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 64 ones times 64 ones, which is 64: or half of it, where pairs of products do not fit. */
class SaturationTest {
  private static final int FEATURES = 64;

  @TempDir Path folder;

  private static Checkpoint ones(int largest) {
    Architecture net = new Architecture(new Shape(FEATURES), List.of(new Linear("fc", 1, false)));
    float[] ones = new float[FEATURES];
    Arrays.fill(ones, 1f);
    Checkpoint weights =
        Quantized.weights(
            new Checkpoint(net, Map.of("fc.weight", Tensor.of(new Shape(1, FEATURES), ones))),
            largest,
            true);
    Quantization own = weights.quantization().orElseThrow();
    Map<String, Affine> input = Map.of(Quantization.INPUT, Affine.over(0, 1));
    return weights.withQuantization(Optional.of(new Quantization(own.grids(), input, Set.of())));
  }

  private float product(Checkpoint model, boolean precise) throws IOException {
    Path file = folder.resolve("model.onnx");
    new OnnxFormat().write(model, file);
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        NDArray input = manager.ones(new Shape(1, FEATURES));
        Session.Batch batch = Session.Batch.of(input);
        Session session = Session.open(file, new Session.Options(1, precise))) {
      return session.run(batch)[0];
    } finally {
      Files.delete(file);
    }
  }

  @Test
  @Tag("engine")
  void sevenBitsAndTheSwitchGiveTheSumOnEveryMachine() throws IOException {
    assertThat(product(ones(63), false)).isCloseTo(64f, within(0.01f));
    assertThat(product(ones(127), true)).isCloseTo(64f, within(0.01f));
    assertThat(product(ones(127), Processor.saturates(ones(127)))).isCloseTo(64f, within(0.01f));
  }

  /** The trap itself, where this machine has it. */
  @Test
  @Tag("engine")
  void eightBitsLoseHalfOfItWithoutVnni() throws IOException {
    boolean intel = System.getProperty("os.arch").toLowerCase(Locale.ROOT).matches("amd64|x86_64");
    boolean trap = intel && !Processor.vnni(Path.of("/proc/cpuinfo"));

    assertThat(product(ones(127), false)).isCloseTo(trap ? 32.4f : 64f, within(0.5f));
  }

  @Test
  void onlyWeightsOfMoreThanSevenBitsOverflow() {
    assertThat(Processor.large(ones(63))).isFalse();
    assertThat(Processor.large(ones(64))).isFalse();
    assertThat(Processor.large(ones(65))).isTrue();
    assertThat(Processor.large(ones(127))).isTrue();
    assertThat(Processor.large(Networks.drawn(0))).isFalse();
  }

  @Test
  void processorsSayWhetherTheyHaveVnni() throws IOException {
    Path file = folder.resolve("cpuinfo");
    Files.writeString(file, "model name\t: x\nflags\t\t: fpu avx2 avx512_vnni sse\n");
    assertThat(Processor.vnni(file)).isTrue();
    Files.writeString(file, "flags\t\t: fpu avx2 avx_vnni\n");
    assertThat(Processor.vnni(file)).isTrue();
    Files.writeString(file, "flags\t\t: fpu avx2 avx512_vnni_none\n");
    assertThat(Processor.vnni(file)).isFalse();
    Files.writeString(file, "Features\t: asimd\n");
    assertThat(Processor.vnni(file)).isFalse();
    assertThat(Processor.vnni(folder.resolve("none"))).isFalse();
  }
}
