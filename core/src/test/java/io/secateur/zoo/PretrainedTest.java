package io.secateur.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.Safetensors;
import io.secateur.model.Tensor;
import io.secateur.spi.Task;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainedTest {
  private static final Task TASK = new Task.Classification(new Shape(4), 2);
  private static final Mlp SMALL = new Mlp(List.of(3), 0, Initialisation.PYTORCH);

  /** A small file of torch.save, deflated. */
  private static final byte[] TORCH =
      inflated(
          """
          H4sIAAAAAAACA41TT4vTQBSf/GmbnVZdV3fViygqRFizWz0oeNi1SliYg7EqBC8lm45NMDR9yWQ9Cb1sQT/E4snLngWP
          +gUE/QSCX8CP4Juk1jTV6iOPx0x+f15eZhym6YQYBlmIFtkgQy62+p7wrNGLyO6skWcLMVZfATFdDQkIBsX34yjivgjj
          YUofJn2e8P6D0BcU1Otd0EyXIjLOhPWSh4NAgO6LOPEDq5eJMEppL+H7WRj1e4IP0zjpHdykUDNNt4GsFJHegEO9oFA7
          ij3xuNik0HAVxGyDkffijzJYYYYA+ogRpjJ9Ak2mM2UCrdeB7OSEgJNdOOUa03b2Qy+F1QC9gl/6e170fCZ/Opdvw1qw
          wlQBZ3LZQzjLlENYLyQ3BJzrwvnMrSGSj2I/gAtMyyyHNYzbdz+9u4IKMp2/jpySa7ORb23bnct/GHglCBnvIHMXH8wx
          5lvMj5jfMMk9aW4dx3uXcCFzmbn527xtd67+21z63yEfpMcbZ/IZhYm+1KNJ7uceBzxJ8YTYnZ3/MlkSt6h0/3I0eKqi
          vpq7K7LM/Mujby10VD7hVWZ5bnSOlSqk9KOqvPIs5nk/yrx2lVf+iuYc74lKynNzWL2+OX11Ubsxg+mV+n1av6pFRZ68
          SOS9VqyVfK9WLzh6ji+wPwHc+JPbFwQAAA==
          """);

  private static byte[] inflated(String base64) {
    byte[] deflated = Base64.getMimeDecoder().decode(base64);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(deflated))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @TempDir private Path folder;

  private Path written(Map<String, Tensor> tensors) throws IOException {
    Path file = folder.resolve("net.safetensors");
    new Safetensors(tensors).write(file);
    return file;
  }

  private static Pretrained of(Path file) {
    return new Pretrained(Optional.of(SMALL), file.toString());
  }

  @Test
  void opensWithTheParametersOfTheFileWhateverTheSeed() throws IOException {
    Checkpoint trained = SMALL.open(TASK, 7);
    Pretrained model = of(written(trained.parameters()));

    assertThat(model.open(TASK, 1)).isEqualTo(trained).isEqualTo(model.open(TASK, 2));
    assertThat(model.architecture(TASK)).isEqualTo(SMALL.architecture(TASK));
  }

  @Test
  void hasTheFilesDigestAsFingerprint() throws IOException {
    String first = of(written(SMALL.open(TASK, 7).parameters())).fingerprint();
    String second = of(written(SMALL.open(TASK, 8).parameters())).fingerprint();

    assertThat(first).matches("[0-9a-f]{64}").isNotEqualTo(second);
  }

  @Test
  void listsAllThatDoesNotFit() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>(SMALL.open(TASK, 7).parameters());
    tensors.remove("out.bias");
    tensors.put("fc1.weight", Tensor.zeros(new Shape(3, 5)));
    tensors.put("extra", Tensor.zeros(new Shape(1)));
    Path file = written(tensors);

    assertThatThrownBy(() -> of(file).architecture(TASK))
        .hasMessage(
            file
                + " does not fit the architecture: fc1.weight must be (3, 4), is (3, 5);"
                + " out.bias(2) is missing; extra(1) is not asked for");
  }

  @Test
  void namesTheNearestOfANameThatDiffers() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>(SMALL.open(TASK, 7).parameters());
    tensors.put("counter", Tensor.zeros(new Shape(2)));
    tensors.put("outbias", tensors.remove("out.bias"));
    Path file = written(tensors);

    assertThatThrownBy(() -> of(file).architecture(TASK))
        .hasMessage(
            file
                + " does not fit the architecture: out.bias(2) is missing (there is outbias);"
                + " counter(2) is not asked for; outbias(2) is not asked for (asked for is"
                + " out.bias)");
  }

  @Test
  void saysWhenAllNamesHaveAPrefix() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    SMALL
        .open(TASK, 7)
        .parameters()
        .forEach((name, tensor) -> tensors.put("module." + name, tensor));
    Path file = written(tensors);

    assertThatThrownBy(() -> of(file).architecture(TASK))
        .hasMessage(
            file
                + " does not fit the architecture: its names begin with 'module.', those of the"
                + " model do not; save the state dict of the model within");
  }

  @Test
  void doesNotListAllOfAnotherModel() throws IOException {
    Path file =
        written(
            new Mlp(List.of(3, 3, 3, 3, 3, 3), 0, Initialisation.PYTORCH)
                .open(TASK, 7)
                .parameters());

    assertThatThrownBy(() -> of(file).architecture(TASK)).hasMessageMatching("[^\\n]+; and 2 more");
  }

  @Test
  void halvesBecomeFloatsBeforeTheEngineSeesThem() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>(SMALL.open(TASK, 7).parameters());
    byte[] ones = new byte[] {(byte) 0x80, 0x3f, 0x00, (byte) 0xc0};
    tensors.put(
        "out.bias", Tensor.of(DataType.BFLOAT16, new Shape(2), List.of(ByteBuffer.wrap(ones))));

    assertThat(of(written(tensors)).open(TASK, 1).parameter("out.bias").toFloats())
        .containsExactly(1, -2);
  }

  /** The bias is float16 there. */
  @Test
  void readsWhatTorchSavedWithinAnotherDict() throws IOException {
    Path file = folder.resolve("net.pth");
    Files.write(file, TORCH);
    Mlp linear = new Mlp(List.of(), 0, Initialisation.PYTORCH);

    Checkpoint read = new Pretrained(Optional.of(linear), file.toString(), "net").open(TASK, 1);

    assertThat(read.parameter("out.weight").toFloats()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    assertThatThrownBy(() -> new Pretrained(Optional.of(linear), file.toString()).open(TASK, 1))
        .hasMessageContaining("there are some within 'net' (2): say which by 'within'");
  }

  @Test
  void saysWhereATornFileEnds() throws IOException {
    Path file = written(SMALL.open(TASK, 7).parameters());
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 3));

    assertThatThrownBy(() -> of(file).architecture(TASK))
        .hasMessageMatching(
            Pattern.quote(file.toString())
                + ", byte \\d+: the file ends within tensor out\\.weight, which ends at byte \\d+");
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> new Pretrained().architecture(TASK))
        .hasMessageStartingWith("pretrained needs a model and a file");
    assertThatThrownBy(() -> of(folder.resolve("none.safetensors")).architecture(TASK))
        .hasMessage("there is no file " + folder.resolve("none.safetensors"));
  }
}
