package io.secateur.model;

import ai.djl.ndarray.types.Shape;
import io.secateur.benchmarks.Numbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Files of weights that the system has in memory, and a weight packed by a bitmask. */
@State(Scope.Benchmark)
public class FileBenchmark {
  /** How many weights. */
  @Param("1000000")
  public String work = "";

  private Path folder = Path.of("");
  private Safetensors contents = new Safetensors(Map.of());
  private Tensor sparse = Tensor.zeros(new Shape(1, 1));
  private Map<String, Tensor> packed = Map.of();
  private final float[] chunk = new float[1 << 14];

  /** Makes weights, a file of them, and one of which half is 0. */
  @Setup(Level.Trial)
  public void make() throws IOException {
    Checkpoint model = Numbers.squares(Long.parseLong(work), false);
    contents = new Safetensors(model.parameters());
    folder = Files.createTempDirectory("secateur-benchmark");
    contents.write(folder.resolve("read.safetensors"));
    int side = Numbers.side(Long.parseLong(work));
    float[] numbers = Numbers.uniform(1, 4 * side * side);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Math.max(0, numbers[i]);
    }
    sparse = Tensor.of(new Shape(4L * side, side), numbers);
    packed = BitmaskCodec.compress("w", sparse);
  }

  /** Opens a file and reads every number. */
  @Benchmark
  public float read() throws IOException {
    float last = 0;
    for (Tensor tensor : Safetensors.read(folder.resolve("read.safetensors")).tensors().values()) {
      for (long first = 0; first < tensor.size(); first += chunk.length) {
        tensor.read(first, chunk, (int) Math.min(chunk.length, tensor.size() - first));
        last += chunk[0];
      }
    }
    return last;
  }

  /** Writes a file and waits until the disk has it. */
  @Benchmark
  public long write() throws IOException {
    return contents.write(folder.resolve("written.safetensors"));
  }

  /** Packs. */
  @Benchmark
  public Map<String, Tensor> pack() {
    return BitmaskCodec.compress("w", sparse);
  }

  /** Unpacks. */
  @Benchmark
  public Tensor unpack() {
    return BitmaskCodec.expand("w", sparse.shape(), new Parts(new LinkedHashMap<>(packed)));
  }

  /** Removes the files. */
  @TearDown(Level.Trial)
  public void delete() throws IOException {
    WholeFiles.delete(folder);
  }
}
