package io.secateur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class SafetensorsTest {
  @TempDir Path folder;

  @Test
  void writesTheBytesOfTheReferenceImplementation() throws IOException {
    JsonNode oracle = Oracle.read("sparse_bitmask.json");
    Map<String, Tensor> tensors =
        BitmaskCodec.compress("dummy", Oracle.matrix(oracle.path("cases").path(0).path("dense")));

    long bytes = new Safetensors(tensors).write(folder.resolve("a.safetensors"));

    byte[] expected = HexFormat.of().parseHex(oracle.path("safetensors_file_hex").asString());
    assertThat(folder.resolve("a.safetensors")).hasBinaryContent(expected);
    assertThat(bytes).isEqualTo(expected.length);
  }

  @Test
  void readsTheBytesOfTheReferenceImplementation() throws IOException {
    JsonNode oracle = Oracle.read("sparse_bitmask.json");
    Path file = folder.resolve("a.safetensors");
    Files.write(file, HexFormat.of().parseHex(oracle.path("safetensors_file_hex").asString()));

    Map<String, Tensor> tensors = Safetensors.read(file).tensors();

    assertThat(tensors.keySet())
        .containsExactly("dummy.row_offsets", "dummy.shape", "dummy.compressed", "dummy.bitmask");
    assertThat(Naive.value(tensors, "dummy.compressed").toFloats())
        .containsExactly(1.5f, 2.5f, 1f, -3f, 4f);
    Tensor dense = BitmaskCodec.expand("dummy", new Shape(3, 10), new Parts(tensors));
    assertThat(dense).isEqualTo(Oracle.matrix(oracle.path("cases").path(0).path("dense")));
  }

  @Test
  void comesBackAsItWentWhateverTheTypes() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Dtype dtype : Dtype.values()) {
      int bytes = 6 * Tensor.size(dtype.type());
      ByteBuffer content = ByteBuffer.allocate(bytes);
      for (int i = 0; i < bytes; i++) {
        content.put((byte) (i * 31 + dtype.name().length()));
      }
      tensors.put(
          "tensor." + dtype, Tensor.of(dtype.type(), new Shape(2, 3), List.of(content.flip())));
    }
    tensors.put("scalar", Tensor.of(new Shape(), 7));
    tensors.put("none", Tensor.of(new Shape(0, 4)));
    tensors.put("großer Name \" \\", Tensor.zeros(new Shape(300, 100)));
    Safetensors written = new Safetensors(tensors, Map.of("format", "pt", "ключ", "значение"));

    written.write(folder.resolve("a"));

    assertThat(Safetensors.read(folder.resolve("a"))).isEqualTo(written);
  }

  @Test
  void givesEqualBytesForEqualContents() throws IOException {
    Tensor a = Tensor.of(new Shape(1), 1);
    Tensor b = Tensor.of(new Shape(2), 2, 3);
    Map<String, Tensor> oneWay = new LinkedHashMap<>(Map.of("a", a));
    oneWay.put("b", b);
    Map<String, Tensor> theOther = new LinkedHashMap<>(Map.of("b", b));
    theOther.put("a", a);

    new Safetensors(oneWay, Map.of("x", "1", "y", "2")).write(folder.resolve("1"));
    new Safetensors(theOther, Map.of("y", "2", "x", "1")).write(folder.resolve("2"));

    assertThat(folder.resolve("1")).hasSameBinaryContentAs(folder.resolve("2"));
  }

  @Test
  void leavesNoTemporaryFileBehind() throws IOException {
    new Safetensors(Map.of("a", Tensor.of(new Shape(1), 1))).write(folder.resolve("a"));

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("a"));
    }
  }

  @Test
  void keepsAnOldFileReadableWhileItIsReplaced() throws IOException {
    Path file = folder.resolve("a");
    Tensor large = Tensor.zeros(new Shape(1 << 16));
    new Safetensors(Map.of("a", large)).write(file);
    Safetensors old = Safetensors.read(file);

    new Safetensors(Map.of("a", Tensor.of(new Shape(1), 1))).write(file);

    assertThat(old.tensors()).containsEntry("a", large);
  }

  @Test
  void readsTensorsBeyondWhatOneMappingHolds() throws IOException {
    long numbers = (9L << 28) + 5;
    byte[] header =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
            .formatted(numbers, numbers * 4)
            .getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve("large");
    // A sparse file: only its ends take room on the disk.
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.WRITE)) {
      channel.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).flip());
      channel.write(ByteBuffer.wrap(header));
      channel.write(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(7).flip(),
          8 + header.length + (numbers - 1) * 4);
    }

    Tensor large = Naive.value(Safetensors.read(file).tensors(), "a");

    float[] last = new float[2];
    large.read(numbers - 2, last, 2);
    assertThat(last).containsExactly(0, 7);
    assertThat(large.bytes()).isGreaterThan(9L << 30);
    assertThat(large.chunks()).hasSize(10);
  }

  @Test
  void refusesAFileCutShortAnywhere() throws IOException {
    byte[] whole = sample();
    Path file = folder.resolve("cut");
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Safetensors.read(file))
          .as("cut to %d of %d bytes", length, whole.length)
          .isInstanceOf(MalformedFileException.class)
          .hasMessageStartingWith(file + ", byte ");
    }
  }

  @Test
  void refusesOrReadsAHeaderWithAnyByteFlippedButNeverFailsOtherwise() throws IOException {
    byte[] whole = sample();
    int header = 8 + (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
    Path file = folder.resolve("flipped");
    int refused = 0;
    for (int at = 0; at < header; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) (1 << bit);
        Files.write(file, damaged);
        try {
          // A flipped letter of a name cannot be noticed.
          assertThat(Safetensors.read(file).tensors()).hasSize(2);
        } catch (MalformedFileException expected) {
          assertThat(expected).hasMessageContaining(file.toString());
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(header * 4);
  }

  private byte[] sample() throws IOException {
    Path file = folder.resolve("sample");
    Map<String, Tensor> tensors =
        Map.of(
            "first", Tensor.of(new Shape(2), 1, 2), "other", Tensor.of(new Shape(1, 3), 1, 2, 3));
    new Safetensors(tensors).write(file);
    return Files.readAllBytes(file);
  }

  @Test
  void saysWhatIsWrongWithAHeaderAndWhere() throws IOException {
    assertMessage("[]", "byte 8: the header is not a JSON object");
    assertMessage("{\"a\":", "byte 13: the header is not JSON: ");
    assertMessage("{}  {}", ": the header is not JSON: ");
    assertMessage("{\"a\":{},\"a\":{}}", ": the header is not JSON: Duplicate");
    assertMessage(entry("F32", "[2]", "[0,4]"), "tensor a of F32(2) takes 8 bytes, data_offsets");
    assertMessage(entry("F9", "[1]", "[0,4]"), "tensor a has the type 'F9'; known are [BOOL, U8,");
    assertMessage(
        entry("F32", "[-1]", "[0,4]"), "shape of tensor a must be a list of whole numbers");
    assertMessage(entry("F32", "1", "[0,4]"), "shape of tensor a must be a list of whole numbers");
    assertMessage(entry("F32", "[1]", "[4,0]"), "data_offsets of tensor a must be where it begins");
    assertMessage(entry("F32", "[1]", "[0]"), "data_offsets of tensor a must be where it begins");
    assertMessage(entry("F32", "[1]", "[0,1e30]"), "data_offsets of tensor a must be a list");
    assertMessage(
        entry("F32", "[4611686018427387904,4]", "[0,4]"), "the shape of tensor a is too large");
    assertMessage(entry("F32", "[1]", "[8,12]"), "tensor a begins here, but the tensors before it");
    assertMessage(entry("F32", "[1]", "[0,4]"), "the file ends within tensor a");
    assertMessage("{}", "the tensors end here, but the file has ", 0, 0);
    assertMessage("{\"__metadata__\":{\"a\":1}}", "__metadata__ must hold texts, 'a' is none");
    assertMessage(
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}",
        "tensor b begins here, but the tensors before it end at byte ",
        0,
        0,
        0);
  }

  private static String entry(String dtype, String shape, String offsets) {
    return "{\"a\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}"
        .formatted(dtype, shape, offsets);
  }

  private void assertMessage(String header, String expected, int... data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer content =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    content.putLong(json.length).put(json);
    for (int each : data) {
      content.put((byte) each);
    }
    Path file = folder.resolve("wrong");
    Files.write(file, content.array());
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(expected);
  }

  @Test
  void refusesAnAbsurdHeaderLengthWithoutBelievingIt() throws IOException {
    Path file = folder.resolve("absurd");
    Files.write(file, HexFormat.of().parseHex("ffffffffffffff7f7b7d"));

    assertThatThrownBy(() -> Safetensors.read(file))
        .hasMessageContaining(
            "byte 0: a header has 2 to 100000000 bytes, this one would have 92233");
  }

  @Test
  void isReadByPythonsStandardLibrary() throws Exception {
    Path file = folder.resolve("a.safetensors");
    Map<String, Tensor> tensors =
        Map.of(
            "w", Tensor.of(new Shape(2, 2), 1.5f, -0.1f, 3e-20f, 4),
            "b", Tensor.of(DataType.UINT8, new Shape(3), List.of(ByteBuffer.wrap(new byte[3]))));
    new Safetensors(tensors, Map.of("format", "pt")).write(file);

    JsonNode found = Layers.JSON.readTree(python("read_safetensors.py", file));

    assertThat(found.path("metadata").path("format").asString()).isEqualTo("pt");
    JsonNode w = found.path("tensors").path("w");
    assertThat(w.path("dtype").asString()).isEqualTo("F32");
    assertThat(w.path("shape").toString()).isEqualTo("[2,2]");
    float[] values = new float[4];
    for (int i = 0; i < 4; i++) {
      values[i] = (float) w.path("values").path(i).asDouble();
    }
    assertThat(values).containsExactly(1.5f, -0.1f, 3e-20f, 4);
    assertThat(found.path("tensors").path("b").path("values").toString()).isEqualTo("[0,0,0]");
  }

  private String python(String script, Path file) throws Exception {
    Path program = folder.resolve(script);
    try (var resource = SafetensorsTest.class.getResourceAsStream("/python/" + script)) {
      Files.write(program, Objects.requireNonNull(resource).readAllBytes());
    }
    Process process;
    try {
      process =
          new ProcessBuilder("python3", program.toString(), file.toString())
              .redirectError(folder.resolve("errors").toFile())
              .start();
    } catch (IOException absent) {
      assumeTrue(false, "no python3 on this machine");
      throw absent;
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("errors"))).isZero();
    return output;
  }

  @Test
  void readsPretrainedNetworksAsTensors() throws IOException {
    Path file = Oracle.shared("data/cifar10-resnets/resnet20.safetensors");

    Safetensors resnet = Safetensors.read(file);

    long numbers = 0;
    for (Map.Entry<String, Tensor> each : resnet.tensors().entrySet()) {
      if (!each.getKey().contains("running_")) {
        numbers += each.getValue().size();
      }
    }
    assertThat(numbers).isEqualTo(269_722);
    assertThat(Naive.value(resnet.tensors(), "conv1.weight").shape())
        .isEqualTo(new Shape(16, 3, 3, 3));
    resnet.write(folder.resolve("again"));
    assertThat(Safetensors.read(folder.resolve("again")).tensors()).isEqualTo(resnet.tensors());
  }
}
