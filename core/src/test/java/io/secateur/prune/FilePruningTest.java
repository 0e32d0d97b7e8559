package io.secateur.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Checkpoint;
import io.secateur.model.Safetensors;
import io.secateur.model.Tensor;
import io.secateur.model.TensorArchive;
import io.secateur.prune.FilePruning.Count;
import io.secateur.prune.Toys.Scored;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.spi.ScoringMethod;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("engine")
class FilePruningTest {
  @TempDir private Path folder = Path.of("");

  private static FilePruning half(Scope scope) {
    return new FilePruning(Toys.magnitude(), scope, Amount.of(0.5), String::hashCode);
  }

  private Path written(String name, Map<String, Tensor> tensors) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    new Safetensors(tensors, Map.of("format", "pt")).write(file);
    return file;
  }

  /** Normal numbers, rounded to a type. */
  private static Tensor random(DataType type, long... shape) {
    Random random = new Random(shape[0]);
    float[] values = new float[(int) new Shape(shape).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(new Shape(shape), values).as(type);
  }

  private static Tensor tensor(Path file, String name) throws IOException {
    return Objects.requireNonNull(TensorArchive.open(file).tensors().get(name));
  }

  private static ByteBuffer bytes(Tensor tensor) {
    return tensor.chunks().get(0);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT16", "BFLOAT16", "FLOAT64"})
  void keptNumbersKeepEveryBitAndOthersAreZero(DataType type) throws IOException {
    Tensor weight = random(type, 30, 41);
    Path file = written("a.safetensors", Map.of("w", weight));
    Path to = folder.resolve("b.safetensors");

    half(new Scope.Layer()).run(TensorArchive.open(file), Set.of("w"), Optional.of(to));

    Tensor pruned = tensor(to, "w");
    float[] before = weight.toFloat32().toFloats();
    float[] after = pruned.toFloat32().toFloats();
    int size = type.getNumOfBytes();
    int zeros = 0;
    float largestGone = 0;
    float smallestKept = Float.MAX_VALUE;
    for (int i = 0; i < before.length; i++) {
      ByteBuffer was = bytes(weight).slice(i * size, size);
      ByteBuffer is = bytes(pruned).slice(i * size, size);
      if (is.equals(was)) {
        smallestKept = Math.min(smallestKept, Math.abs(before[i]));
      } else {
        assertThat(is).isEqualTo(ByteBuffer.allocate(size));
        largestGone = Math.max(largestGone, Math.abs(before[i]));
      }
      zeros += after[i] == 0 ? 1 : 0;
    }
    assertThat(zeros).isEqualTo(615);
    assertThat(smallestKept).isGreaterThanOrEqualTo(largestGone);
  }

  @Test
  void whatTakesNoPartIsCarriedThroughByteForByte() throws IOException {
    String header =
        "{\"b\":{\"dtype\":\"F8_E4M3\",\"shape\":[3],\"data_offsets\":[0,3]},"
            + "\"a\":{\"shape\":[2,2],\"dtype\":\"F16\",\"data_offsets\":[3,11]},"
            + "\"__metadata__\":{\"x\":\"y\"}}   ";
    ByteBuffer content = ByteBuffer.allocate(8 + header.length() + 11);
    content.order(ByteOrder.LITTLE_ENDIAN).putLong(header.length());
    content.put(header.getBytes(StandardCharsets.UTF_8)).put(new byte[] {7, 8, 9});
    content.put(new byte[] {0, 0x3c, 1, 0x3c, 2, (byte) 0xbc, 3, 0x3c});
    Path file = Files.write(folder.resolve("a.safetensors"), content.array());
    TensorArchive archive = TensorArchive.open(file);
    Path to = folder.resolve("b.safetensors");

    half(new Scope.Global()).run(archive, Set.of("a"), Optional.of(to));

    byte[] expected = content.array().clone();
    int data = expected.length - 8;
    for (int i = data; i < data + 4; i++) {
      expected[i] = 0;
    }
    assertThat(to).hasBinaryContent(expected);
    assertThat(archive.sealed()).containsExactly(Map.entry("b", "its type is F8_E4M3"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 23})
  void noGroupOfNToMHasMoreThanNLeft(int width) throws IOException {
    int[][] patterns = {{2, 4}, {1, 4}, {3, 4}, {4, 8}, {1, 2}, {2, 3}};
    for (int[] pattern : patterns) {
      int n = pattern[0];
      int m = pattern[1];
      Path file = written("in" + n + m, Map.of("w", random(DataType.BFLOAT16, 6, width, 3)));
      Path to = folder.resolve("out" + n + m);
      new FilePruning(
              Toys.magnitude(), new Scope.Tile(m), Amount.of(1 - (double) n / m), String::hashCode)
          .run(TensorArchive.open(file), Set.of("w"), Optional.of(to));

      float[] values = tensor(to, "w").toFloat32().toFloats();
      for (int row = 0; row < 6; row++) {
        for (int cell = 0; cell < 3; cell++) {
          for (int first = 0; first < width; first += m) {
            int kept = 0;
            int end = Math.min(width, first + m);
            for (int input = first; input < end; input++) {
              kept += values[(row * width + input) * 3 + cell] == 0 ? 0 : 1;
            }
            assertThat(kept)
                .isEqualTo(end - first - (int) Math.rint((1 - (double) n / m) * (end - first)));
            assertThat(kept).isLessThanOrEqualTo(n);
          }
        }
      }
    }
  }

  /** The weights count from 1 each, so that almost every number has an equal in the other. */
  @Test
  void whatGoesIsWhatGoesOfTheModelInAStudy() throws IOException {
    Checkpoint model = Toys.chain(40, 30, 20);
    Path file = written("a.safetensors", model.parameters());
    Set<String> names = Set.of("l0.weight", "l1.weight");
    Map<String, Amount> amounts = new LinkedHashMap<>();
    names.forEach(name -> amounts.put(name, Amount.of(0.5)));
    for (Scope scope : List.of(new Scope.Global(), new Scope.Layer(), new Scope.Row())) {
      Path to = folder.resolve("b" + scope);
      Pattern pattern = new Pattern(new Granularity.Element(), scope);

      half(scope).run(TensorArchive.open(file), names, Optional.of(to));

      Checkpoint pruned =
          Pruner.prune(
                  model, new Pruning(Toys.magnitude(), pattern, amounts), new RecordedContext())
              .checkpoint();
      assertThat(TensorArchive.open(to).tensors())
          .as(scope.toString())
          .containsAllEntriesOf(pruned.parameters());
    }
  }

  @Test
  void zerosCountAsPrunedBefore() throws IOException {
    Tensor weight = Tensor.of(new Shape(2, 4), 0, 8, -0f, 7, 1, 2, 3, 4);
    Path file = written("a.safetensors", Map.of("w", weight));
    FilePruning third =
        new FilePruning(
            Toys.magnitude(), new Scope.Global(), new Amount.OfRemaining(0.5), String::hashCode);

    FilePruning.Outcome outcome =
        third.run(TensorArchive.open(file), Set.of("w"), Optional.of(folder.resolve("b")));

    assertThat(outcome.counts()).containsExactly(new Count("w", 2, 5, 8));
    assertThat(tensor(folder.resolve("b"), "w").toFloats()).containsExactly(0, 8, 0, 7, 0, 0, 0, 4);
  }

  @Test
  void aDryRunCountsAndWritesNothing() throws IOException {
    Path file = written("a.safetensors", Map.of("w", random(DataType.FLOAT32, 9, 9)));

    FilePruning.Outcome outcome =
        half(new Scope.Row()).run(TensorArchive.open(file), Set.of("w"), Optional.empty());

    assertThat(outcome.counts()).containsExactly(new Count("w", 0, 36, 81));
    try (Stream<Path> inside = Files.list(folder)) {
      assertThat(inside).containsExactly(file);
    }
  }

  @Test
  void ofAMethodOfWholeWeightsTheSameGoesAsByRows() throws IOException {
    Path file =
        written(
            "a.safetensors",
            Map.of("v", random(DataType.FLOAT16, 700, 800), "w", random(DataType.FLOAT32, 5, 7)));
    Scored whole = new Scored("whole", false, (weight, statistics) -> weight.matrix().abs());
    for (Scope scope : List.of(new Scope.Global(), new Scope.Layer(), new Scope.Row())) {
      Path one = folder.resolve("one" + scope);
      Path other = folder.resolve("other" + scope);
      half(scope).run(TensorArchive.open(file), Set.of("v", "w"), Optional.of(one));
      new FilePruning(whole, scope, Amount.of(0.5), String::hashCode)
          .run(TensorArchive.open(file), Set.of("v", "w"), Optional.of(other));
      assertThat(other).hasSameBinaryContentAs(one);
    }
  }

  @Test
  void aShardedFolderSharesOneBudgetAndKeepsItsFiles() throws IOException {
    Tensor small = Tensor.of(new Shape(1, 4), 1, 2, 3, 4);
    Tensor large = Tensor.of(new Shape(1, 4), 5, 6, 7, 8);
    Path in = folder.resolve("in");
    written("in/model-00001-of-00002.safetensors", Map.of("z", small));
    written("in/model-00002-of-00002.safetensors", Map.of("a", large));
    Files.writeString(
        in.resolve("model.safetensors.index.json"),
        "{\"metadata\": {\"total_size\": 32},  \"weight_map\": {"
            + "\"a\": \"model-00002-of-00002.safetensors\","
            + "\"z\": \"model-00001-of-00002.safetensors\"}}");
    Files.writeString(in.resolve("config.json"), "{ }");
    Path out = folder.resolve("out");

    FilePruning.Outcome outcome =
        half(new Scope.Global()).run(TensorArchive.open(in), Set.of("a", "z"), Optional.of(out));

    assertThat(outcome.counts()).containsExactly(new Count("z", 0, 4, 4), new Count("a", 0, 0, 4));
    for (String same :
        List.of(
            "config.json", "model.safetensors.index.json", "model-00002-of-00002.safetensors")) {
      assertThat(out.resolve(same)).hasSameBinaryContentAs(in.resolve(same));
    }
    assertThatThrownBy(
            () ->
                half(new Scope.Global()).run(TensorArchive.open(in), Set.of("a"), Optional.of(out)))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void aFailureLeavesNothingBehind() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("v", random(DataType.FLOAT32, 2, 2));
    tensors.put("w", Tensor.of(new Shape(1, 2), 1, Float.NaN));
    Path file = written("a.safetensors", tensors);

    assertThatThrownBy(
            () ->
                half(new Scope.Layer())
                    .run(
                        TensorArchive.open(file),
                        Set.of("v", "w"),
                        Optional.of(folder.resolve("b"))))
        .hasMessageStartingWith("w: the score of flat index 1 (row 0, column 1) is NaN");
    try (Stream<Path> inside = Files.list(folder)) {
      assertThat(inside).containsExactly(file);
    }
  }

  @Test
  void shapesOfAnyRankReadAsMatrices() {
    assertThat(FilePruning.form(new Shape(8, 4, 3, 3, 5))).isEqualTo(new Form(8, 4, 9, 5));
    assertThat(FilePruning.form(new Shape())).isEqualTo(Form.of(1));
    assertThat(FilePruning.form(new Shape(6))).isEqualTo(Form.of(6));
  }

  @Test
  void methodsThatNeedMoreThanWeightsAreRefused() {
    ScoringMethod fine = Toys.magnitude();
    assertThat(FilePruning.fault(fine)).isEmpty();
    assertThat(FilePruning.fault(new Toys.Doubling(2)).orElse(""))
        .startsWith("doubling changes the weights that stay");
  }

  /** In a JVM whose heap is a fraction of the file, under every scope. */
  @Test
  void theFileMayBeManyTimesTheHeap() throws IOException, InterruptedException {
    int rows = 4096;
    int columns = 4096;
    int tensors = 6;
    Path file = folder.resolve("large.safetensors");
    StringBuilder header = new StringBuilder("{");
    long each = 2L * rows * columns;
    for (int i = 0; i < tensors; i++) {
      header.append(i == 0 ? "" : ",");
      header.append(
          "\"w%d\":{\"dtype\":\"BF16\",\"shape\":[%d,%d],\"data_offsets\":[%d,%d]}"
              .formatted(i, rows, columns, i * each, (i + 1) * each));
    }
    header.append("}");
    ByteBuffer part = ByteBuffer.allocate(2 * columns).order(ByteOrder.LITTLE_ENDIAN);
    Random random = new Random(1);
    for (int i = 0; i < columns; i++) {
      // Any finite number but 0.
      part.putShort(2 * i, (short) (random.nextInt(0x7f00) + 1));
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer start = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      channel.write(start.putLong(header.length()).flip());
      channel.write(ByteBuffer.wrap(header.toString().getBytes(StandardCharsets.UTF_8)));
      for (int row = 0; row < tensors * rows; row++) {
        channel.write(part.clear());
      }
    }
    long heap = 40L << 20;
    assertThat(Files.size(file)).isGreaterThan(4 * heap);

    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    command.add("-Dai.djl.offline=true");
    Optional.ofNullable(System.getProperty("DJL_CACHE_DIR"))
        .ifPresent(cache -> command.add("-DDJL_CACHE_DIR=" + cache));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Large.class.getName()));
    command.addAll(List.of(file.toString(), folder.resolve("out").toString()));
    Process child =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();

    assertThat(child.waitFor()).as(Files.readString(folder.resolve("said"))).isZero();
    long cells = (long) tensors * rows * columns;
    assertThat(Files.readString(folder.resolve("said")).lines())
        .contains(
            "Global[] " + cells / 2,
            "Layer[] " + cells / 2,
            "Row[] " + cells / 2,
            "Tile[width=4] " + cells / 2);
  }

  /** Prunes the file named first half, in every scope. */
  static final class Large {
    private Large() {}

    public static void main(String[] arguments) throws IOException {
      TensorArchive archive = TensorArchive.open(Path.of(arguments[0]));
      Path to = Path.of(arguments[1]);
      for (Scope scope :
          List.of(new Scope.Global(), new Scope.Layer(), new Scope.Row(), new Scope.Tile(4))) {
        long pruned =
            half(scope).run(archive, archive.tensors().keySet(), Optional.of(to)).counts().stream()
                .mapToLong(Count::pruned)
                .sum();
        System.out.println(scope + " " + pruned);
        Files.delete(to);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWatchSeesEveryTensorOfEveryPass(boolean global) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("a", random(DataType.FLOAT32, 4, 10));
    tensors.put("b", random(DataType.FLOAT32, 6, 10));
    TensorArchive archive = TensorArchive.open(written("in", tensors));
    List<String> seen = new ArrayList<>();

    half(global ? new Scope.Global() : new Scope.Layer())
        .run(
            archive,
            Set.of("a", "b"),
            Optional.empty(),
            (pass, last, done, total) ->
                seen.add("%d %b %d of %d".formatted(pass, last, done, total)));

    if (!global) {
      assertThat(seen).containsExactly("1 true 0 of 100", "1 true 40 of 100");
      return;
    }
    assertThat(seen).hasSizeGreaterThan(4).startsWith("1 false 0 of 100", "1 false 40 of 100");
    int passes = seen.size() / 2;
    for (int pass = 1; pass <= passes; pass++) {
      boolean last = pass == passes;
      assertThat(seen.subList(2 * pass - 2, 2 * pass))
          .containsExactly(
              "%d %b 0 of 100".formatted(pass, last), "%d %b 40 of 100".formatted(pass, last));
    }
  }
}
