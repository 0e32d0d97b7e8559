package io.secateur.quantization.onnx;

import io.secateur.model.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the processor's integer instructions can do. Without those of VNNI, a runtime adds pairs of
 * products of 8 bits in 16: two of 255 × 127 do not fit, and the sum stays at the largest number
 * that does. Weights of 7 bits never get there.
 */
final class Processor {
  /** Of magnitudes: two products of it with 255 are as much as 16 bits hold. */
  private static final int SAFE = 64;

  private static final Path FLAGS = Path.of("/proc/cpuinfo");

  private Processor() {}

  /** Returns whether a model's integers may add up to more than this processor's sums hold. */
  static boolean saturates(Checkpoint model) {
    return large(model) && !vnni(FLAGS);
  }

  /** Returns whether a model has weights of more than 7 bits. */
  static boolean large(Checkpoint model) {
    return model.quantization().stream()
        .flatMap(each -> each.grids().values().stream())
        .anyMatch(grid -> grid.largest() > SAFE && grid.largest() <= Byte.MAX_VALUE);
  }

  /**
   * Returns whether a list of processors, as Linux keeps it, names VNNI; not where there is none.
   */
  static boolean vnni(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Set.copyOf(Arrays.asList(line.strip().split("\\s+"))))
          .filter(flags -> flags.contains("avx512_vnni") || flags.contains("avx_vnni"))
          .isPresent();
    } catch (IOException | RuntimeException unknown) {
      return false;
    }
  }
}
