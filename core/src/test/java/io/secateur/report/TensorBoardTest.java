package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Linear;
import io.secateur.model.Tensor;
import io.secateur.study.MadeUpStore;
import io.secateur.study.ResultRow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events, read back by a reader of this test's own, bit by bit. */
class TensorBoardTest {
  @TempDir private Path folder = Path.of("");
  private Path run = Path.of("");
  private Path board = Path.of("");

  @BeforeEach
  void name() {
    run = folder.resolve("run");
    board = folder.resolve("board");
  }

  /** One point: a scalar, or the numbers of a histogram by their fields. */
  private record Point(String tag, long step, float scalar, Map<Integer, double[]> histogram) {}

  /** CRC-32C, from its polynomial. */
  private static int crc(byte[] bytes) {
    int crc = -1;
    for (byte each : bytes) {
      crc ^= Byte.toUnsignedInt(each);
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82f63b78;
      }
    }
    return ~crc;
  }

  private static int masked(byte[] bytes) {
    int crc = crc(bytes);
    return (crc >>> 15 | crc << 17) + 0xa282ead8;
  }

  private static byte[] taken(ByteBuffer from, int length) {
    byte[] bytes = new byte[length];
    from.get(bytes);
    return bytes;
  }

  /** Reads the fields of a message; a number is its bits, everything else its bytes. */
  private static Map<Integer, Object> fields(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    Map<Integer, Object> fields = new LinkedHashMap<>();
    while (in.hasRemaining()) {
      long key = varint(in);
      Object value =
          switch ((int) (key & 7)) {
            case 0 -> varint(in);
            case 1 -> in.getDouble();
            case 2 -> taken(in, (int) varint(in));
            case 5 -> in.getFloat();
            default -> throw new AssertionError("a field of kind " + (key & 7));
          };
      fields.put((int) (key >>> 3), value);
    }
    return fields;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 127) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  private static byte[] bytes(Map<Integer, Object> fields, int number) {
    return (byte[]) Objects.requireNonNull(fields.get(number));
  }

  private static List<Point> read(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Point> points = new ArrayList<>();
    boolean first = true;
    while (in.hasRemaining()) {
      byte[] length = taken(in, 8);
      assertThat(in.getInt()).isEqualTo(masked(length));
      byte[] content =
          taken(in, (int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong());
      assertThat(in.getInt()).isEqualTo(masked(content));
      Map<Integer, Object> event = fields(content);
      if (first) {
        assertThat(new String(bytes(event, 3), StandardCharsets.UTF_8)).isEqualTo("brain.Event:2");
      } else {
        Map<Integer, Object> value = fields(bytes(fields(bytes(event, 5)), 1));
        points.add(
            new Point(
                new String(bytes(value, 1), StandardCharsets.UTF_8),
                (long) event.getOrDefault(2, 0L),
                (float) value.getOrDefault(2, Float.NaN),
                value.containsKey(5) ? histogram(fields(bytes(value, 5))) : Map.of()));
      }
      first = false;
    }
    return points;
  }

  private static Map<Integer, double[]> histogram(Map<Integer, Object> fields) {
    Map<Integer, double[]> numbers = new LinkedHashMap<>();
    fields.forEach(
        (field, value) -> {
          if (value instanceof Double number) {
            numbers.put(field, new double[] {number});
          } else {
            ByteBuffer packed = ByteBuffer.wrap((byte[]) value).order(ByteOrder.LITTLE_ENDIAN);
            double[] all = new double[packed.remaining() / 8];
            packed.asDoubleBuffer().get(all);
            numbers.put(field, all);
          }
        });
    return numbers;
  }

  private static Map<String, Point> byTag(List<Point> points) {
    Map<String, Point> byTag = new LinkedHashMap<>();
    points.forEach(
        point ->
            assertThat(byTag.put(point.tag() + "@" + point.step(), point))
                .as("%s at step %d is there once", point.tag(), point.step())
                .isNull());
    return byTag;
  }

  private List<String> files() throws IOException {
    try (Stream<Path> walk = Files.walk(board)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> board.relativize(file).toString().replaceAll("[0-9]{10}", "TIME"))
          .sorted()
          .toList();
    }
  }

  private static Point at(Map<String, Point> points, String tag) {
    return Objects.requireNonNull(points.get(tag), () -> tag + " among " + points.keySet());
  }

  @Test
  void everyRowIsAScalarWhereItBelongs() throws IOException {
    RunFixture fixture = new RunFixture().seeds(1L, 2L).filled().writeTo(run);

    TensorBoard.Written written = TensorBoard.write(run, board);

    assertThat(files())
        .containsExactly(
            "imp/seed-1/events.out.tfevents.TIME.secateur.lab4-made-up",
            "imp/seed-2/events.out.tfevents.TIME.secateur.lab4-made-up",
            "one-shot/seed-1/events.out.tfevents.TIME.secateur.lab4-made-up",
            "one-shot/seed-2/events.out.tfevents.TIME.secateur.lab4-made-up");
    assertThat(written.files()).hasSize(4);
    for (Path file : written.files()) {
      Map<String, Point> points = byTag(read(file));
      Path within = board.relativize(file);
      String arm = within.getName(0).toString();
      int seed = Integer.parseInt(within.getName(1).toString().substring("seed-".length()));
      int measured = 0;
      for (ResultRow row : fixture.rows()) {
        if (row.source().equals("measure") && row.seed() == seed && row.arm().equals(arm)) {
          Point point = at(points, row.metric() + "@" + row.round());
          assertThat(point.scalar()).isEqualTo((float) row.value());
          measured++;
        }
      }
      assertThat(measured).isGreaterThan(60);
      assertThat(points).containsKey("latency/batch-64/median@0");
    }
  }

  @Test
  void epochsAreCountedThroughAllStages() throws IOException {
    RunFixture fixture = new RunFixture().arms("first", "imp").seeds(1L).filled().writeTo(run);
    TensorBoard.Written written = TensorBoard.write(run, board);

    Map<String, Point> points =
        byTag(
            read(
                written.files().stream()
                    .filter(file -> file.startsWith(board.resolve("imp")))
                    .findFirst()
                    .orElseThrow()));
    List<Float> losses =
        fixture.rows().stream()
            .filter(row -> row.arm().equals("imp") && row.epoch() > 0)
            .filter(row -> row.metric().equals("loss"))
            .map(row -> (float) row.value())
            .toList();
    // Dense, then after each of five rounds: two epochs each.
    assertThat(losses).hasSize(12);
    for (int epoch = 1; epoch <= losses.size(); epoch++) {
      assertThat(at(points, "epoch/loss/train@" + epoch).scalar()).isEqualTo(losses.get(epoch - 1));
    }
    assertThat(points).containsKey("epoch/accuracy/test@12").doesNotContainKey("epoch/revived/@1");
  }

  private static Checkpoint line(float... weights) {
    return new Checkpoint(
        new Architecture(new Shape(weights.length), List.of(new Linear("fc", 1, false))),
        Map.of("fc.weight", Tensor.of(new Shape(1, weights.length), weights)));
  }

  private void measuredAt(RunFixture fixture, int round, String stage) {
    fixture.with(
        RunFixture.row("a/b", 1, round, stage, "measure", "loss", round, "", "test", 0, ""));
  }

  @Test
  void weightsOfWhatWasMeasuredAreHistograms() throws IOException {
    RunFixture fixture = new RunFixture().arms("a/b").seeds(1L).untimed();
    measuredAt(fixture, 0, "train");
    measuredAt(fixture, 1, "prune");
    measuredAt(fixture, 1, "finetune");
    fixture.writeTo(run);
    new MadeUpStore(run)
        .at("a/b", 1, 0, "open", "", line(9, 9, 9, 9))
        .at("a/b", 1, 0, "train", "", line(-2, 1, 4, Float.NaN))
        .at("a/b", 1, 1, "prune", "", line(0, 0, 4, 0))
        .at("a/b", 1, 1, "finetune", "", line(0, 0, 0, 0));

    TensorBoard.Written written = TensorBoard.write(run, board);

    assertThat(written.notes()).isEmpty();
    assertThat(files())
        .containsExactly("a_b/seed-1/events.out.tfevents.TIME.secateur.lab4-made-up");
    Map<String, Point> points = byTag(read(written.files().get(0)));
    assertThat(points.keySet())
        .containsExactlyInAnyOrder(
            "loss@0",
            "loss (prune)@1",
            "loss@1",
            "sparsity/fc.weight@0",
            "threshold/fc.weight@0",
            "weights/fc.weight@0",
            "non-zero-weights/fc.weight@0",
            "sparsity/fc.weight (prune)@1",
            "threshold/fc.weight (prune)@1",
            "weights/fc.weight (prune)@1",
            "non-zero-weights/fc.weight (prune)@1",
            "sparsity/fc.weight@1",
            "weights/fc.weight@1");
    assertThat(at(points, "sparsity/fc.weight (prune)@1").scalar()).isEqualTo(75);
    assertThat(at(points, "threshold/fc.weight@0").scalar()).isEqualTo(1);
    Map<Integer, double[]> histogram = at(points, "weights/fc.weight@0").histogram();
    // min, max, num, sum, sum of squares, right ends, counts.
    assertThat(numbers(histogram, 1)).containsExactly(-2);
    assertThat(numbers(histogram, 2)).containsExactly(4);
    assertThat(numbers(histogram, 3)).containsExactly(3);
    assertThat(numbers(histogram, 4)).containsExactly(3);
    assertThat(numbers(histogram, 5)).containsExactly(21);
    double[] limits = numbers(histogram, 6);
    double[] counts = numbers(histogram, 7);
    assertThat(limits).hasSameSizeAs(counts).isSorted().endsWith(4);
    assertThat(limits[0]).isEqualTo(-1.9, within(1e-9));
    assertThat(counts[0]).isEqualTo(1);
    assertThat(counts[counts.length / 2]).isEqualTo(1);
    assertThat(counts[counts.length - 1]).isEqualTo(1);
    Map<Integer, double[]> kept = at(points, "non-zero-weights/fc.weight (prune)@1").histogram();
    assertThat(numbers(kept, 6)).containsExactly(4);
    assertThat(numbers(kept, 7)).containsExactly(1);
  }

  private static double[] numbers(Map<Integer, double[]> histogram, int field) {
    return Objects.requireNonNull(histogram.get(field));
  }

  @Test
  void anArmWithoutRoundsIsNumberedByItsPlaces() throws IOException {
    RunFixture fixture = new RunFixture().arms("a/b").seeds(1L).untimed();
    measuredAt(fixture, 0, "open");
    measuredAt(fixture, 0, "prune");
    fixture.writeTo(run);

    assertThat(byTag(read(TensorBoard.write(run, board).files().get(0))).keySet())
        .containsExactly("loss@0", "loss@1");
  }

  @Test
  void writingAgainReplacesTheRunsOwnFilesOnly() throws IOException {
    RunFixture fixture = new RunFixture().seeds(1L).filled().writeTo(run);
    List<Path> before = TensorBoard.write(run, board).files();
    byte[] bytes = Files.readAllBytes(before.get(0));
    List<Path> same = TensorBoard.write(run, board).files();
    assertThat(same).isEqualTo(before);
    assertThat(same.get(0)).hasBinaryContent(bytes);
    Path other = before.get(0).resolveSibling("events.out.tfevents.1700000000.secateur.another");
    Path foreign = before.get(0).resolveSibling("events.out.tfevents.1700000000.host.1.v2");
    Path stale = before.get(0).resolveSibling("events.out.tfevents.1.secateur.lab4-made-up");
    for (Path each : List.of(other, foreign, stale)) {
      Files.writeString(each, "mine");
    }

    fixture.untimed().writeTo(run);
    Files.setLastModifiedTime(
        run.resolve("results.jsonl"), FileTime.fromMillis(2_000_000_000_000L));
    List<Path> after = TensorBoard.write(run, board).files();

    assertThat(after).doesNotContainAnyElementsOf(before).allSatisfy(f -> assertThat(f).exists());
    assertThat(before).allSatisfy(file -> assertThat(file).doesNotExist());
    assertThat(stale).doesNotExist();
    assertThat(other).hasContent("mine");
    assertThat(foreign).hasContent("mine");
    try (Stream<Path> walk = Files.walk(board)) {
      assertThat(walk).noneMatch(file -> file.toString().endsWith(".tmp"));
    }
  }

  @Test
  void withoutItsStoreARunHasNoWeightsAndSaysSo() throws IOException {
    RunFixture fixture = new RunFixture().arms("a/b").seeds(1L).untimed();
    measuredAt(fixture, 0, "open");
    fixture.writeTo(run);
    new MadeUpStore(run).at("a/b", 1, 0, "open", "", line(1));
    Files.move(run.resolve("store"), run.resolve("elsewhere"));

    TensorBoard.Written written = TensorBoard.write(run, board);

    assertThat(written.notes())
        .singleElement()
        .asString()
        .startsWith("weights are left out: the run's store, ");
    assertThat(read(written.files().get(0))).hasSize(1);
  }

  @Test
  void whatIsNoRunAndNoFolderIsRefusedInALine() throws IOException {
    assertThatThrownBy(() -> TensorBoard.write(folder, board))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("it has no run.json");
    new RunFixture().seeds(1L).filled().writeTo(run);
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> TensorBoard.write(run, file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(file + " is a file; events for TensorBoard are written into a folder");
  }
}
