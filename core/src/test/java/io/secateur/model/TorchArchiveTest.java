package io.secateur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchArchiveTest {
  @TempDir Path folder;

  private static float[] values(Path file, String name) throws IOException {
    return Objects.requireNonNull(TorchFile.open(file, "").tensors().get(name)).toFloats();
  }

  @Test
  void readsAStateDict() throws IOException {
    Map<String, Tensor> tensors =
        TensorArchive.open(TorchFiles.plain().write(folder.resolve("a.pth"))).tensors();

    assertThat(tensors)
        .containsExactly(
            Map.entry("w", Tensor.of(new Shape(2, 3), 1, 2, 3, 4, 5, 6)),
            Map.entry("b", Tensor.of(new Shape(2), 7, 8)));
  }

  @Test
  void writesTheSameFileButForZerosAndTheirChecksum() throws IOException {
    Path from = TorchFiles.plain().write(folder.resolve("a.pth"));
    Path to = folder.resolve("b.pth");
    Mask mask = Mask.of(Form.of(2, 3), cell -> cell % 2 == 1);

    TensorArchive.open(from)
        .write(to, name -> name.equals("w") ? Optional.of(mask) : Optional.empty());

    assertThat(values(to, "w")).containsExactly(0, 2, 0, 4, 0, 6);
    byte[] before = Files.readAllBytes(from);
    byte[] after = Files.readAllBytes(to);
    int differ = 0;
    for (int i = 0; i < before.length; i++) {
      differ += before[i] == after[i] ? 0 : 1;
    }
    // Of 1, 3 and 5 two bytes each are not 0; the checksum stands in two places.
    assertThat(after).hasSameSizeAs(before);
    assertThat(differ).isBetween(7, 6 + 8);
    try (ZipFile zip = new ZipFile(to.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        CRC32 crc = new CRC32();
        try (InputStream in = zip.getInputStream(entry)) {
          crc.update(in.readAllBytes());
        }
        assertThat(entry.getCrc()).as(entry.getName()).isEqualTo(crc.getValue());
      }
    }
  }

  @Test
  void anyOtherTypeIsRefusedByItsNameWithItsPlace() throws IOException {
    Path file =
        new TorchFiles()
            .dict()
            .text("args")
            .global("argparse", "Namespace")
            .raw(')', 0x81)
            .end()
            .write(folder.resolve("a.pth"));

    assertThatThrownBy(() -> TensorArchive.open(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith(
            file + ": data.pkl, byte 39: there is argparse.Namespace, and only");
  }

  @Test
  void nothingIsCalledThatIsNotATensor() throws IOException {
    for (String[] bad : new String[][] {{"os", "system"}, {"torch", "load"}, {"__torch__", "x"}}) {
      Path file =
          new TorchFiles()
              .global(bad[0], bad[1])
              .raw('(')
              .text("ls")
              .raw('t', 'R')
              .write(folder.resolve("a.pth"));
      assertThatThrownBy(() -> TensorArchive.open(file))
          .hasMessageContaining("byte 2: there is " + bad[0] + "." + bad[1]);
    }
  }

  @Test
  void dictsWithinOthersAreOfferedByName() throws IOException {
    Path file =
        new TorchFiles()
            .raw('}', '(')
            .text("epoch")
            .number(3)
            .text("large")
            .raw(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 64)
            .text("rate")
            .raw('G', 0x3f, 0xe0, 0, 0, 0, 0, 0, 0)
            .text("best")
            .raw('N')
            .text("state_dict")
            .dict()
            .text("w")
            .tensor("0", 2, 0, new long[] {1, 2}, new long[] {2, 1})
            .text("b")
            .tensor("0", 2, 0, new long[] {2}, new long[] {1})
            .end()
            .text("optimizer")
            .raw('}', '(')
            .text("state")
            .raw(']')
            .tensor("1", 1, 0, new long[] {1}, new long[] {1})
            .raw('a')
            .end()
            .end()
            .storage("0", 1, 2)
            .storage("1", 3)
            .write(folder.resolve("train.pth"));

    assertThatThrownBy(() -> TensorArchive.open(file))
        .hasMessage(
            file
                + ": its outermost dict holds no tensors; there are some within 'state_dict' (2),"
                + " within 'optimizer.state' (1): say which by 'within'");
    assertThatThrownBy(() -> TensorArchive.open(file, "model"))
        .hasMessageContaining("'model' holds no tensors");
    assertThat(TensorArchive.open(file, "state_dict").tensors()).containsOnlyKeys("w");
    assertThat(TensorArchive.open(file, "state_dict").sealed())
        .containsExactly(Map.entry("b", "they share the numbers of w"));
  }

  @Test
  void whatIsTransposedIsReadInOrderAndNotPruned() throws IOException {
    Path file =
        new TorchFiles()
            .dict()
            .text("t")
            .tensor("0", 7, 1, new long[] {2, 3}, new long[] {1, 2})
            .end()
            .storage("0", 0, 1, 2, 3, 4, 5, 6)
            .write(folder.resolve("a.pth"));

    assertThat(values(file, "t")).containsExactly(1, 3, 5, 2, 4, 6);
    assertThat(TensorArchive.open(file).tensors()).isEmpty();
    assertThat(TensorArchive.open(file).sealed()).containsOnlyKeys("t");
  }

  @Test
  void whatSharesNumbersIsKnownWhicheverComesFirst() throws IOException {
    Path file =
        new TorchFiles()
            .dict()
            .text("t")
            .tensor("0", 6, 0, new long[] {2, 2}, new long[] {1, 2})
            .text("w")
            .tensor("0", 6, 0, new long[] {2, 2}, new long[] {2, 1})
            .text("rest")
            .tensor("0", 6, 4, new long[] {2}, new long[] {1})
            .text("all")
            .tensor("0", 6, 0, new long[] {6}, new long[] {1})
            .end()
            .storage("0", 1, 2, 3, 4, 5, 6)
            .write(folder.resolve("a.pth"));

    TensorArchive archive = TensorArchive.open(file);

    // To prune w would change t, which nobody named.
    assertThat(archive.tensors()).containsOnlyKeys("rest");
    assertThat(archive.shared())
        .containsExactly(Map.entry("w", List.of("t")), Map.entry("all", List.of("t", "w", "rest")));
  }

  @Test
  void aTensorBeyondItsStorageIsRefused() throws IOException {
    Path file =
        new TorchFiles()
            .dict()
            .text("t")
            .tensor("0", 7, 2, new long[] {2, 3}, new long[] {3, 1})
            .end()
            .storage("0", 0, 1, 2, 3, 4, 5, 6)
            .write(folder.resolve("a.pth"));

    assertThatThrownBy(() -> TensorArchive.open(file))
        .hasMessage(
            file + ": a tensor of (2, 3) from 2 on does not lie in data/0, which has 7 numbers");
  }

  @Test
  void modulesOfTorchScriptAreReadByTheirNames() throws IOException {
    TorchFiles script =
        new TorchFiles()
            .global("__torch__", "Net")
            .raw(')', 0x81, '}', '(')
            .text("training")
            .raw(0x89)
            .text("fc")
            .global("__torch__.torch.nn", "Linear")
            .raw(')', 0x81, '}', '(')
            .text("weight")
            .tensor("0", 2, 0, new long[] {1, 2}, new long[] {2, 1})
            .raw('u', 'b', 'u', 'b')
            .storage("0", 1, 2)
            .entry("code/__torch__.py", "class Net: pass".getBytes(StandardCharsets.UTF_8));

    TensorArchive archive = TensorArchive.open(script.write(folder.resolve("a.pt")));

    assertThat(archive.tensors()).containsOnlyKeys("fc.weight");
    assertThatThrownBy(() -> TensorArchive.open(folder.resolve("a.pt"), "fc"))
        .hasMessageContaining("this is a TorchScript file");
  }

  @Test
  void theFormatBeforeZipIsNamed() throws IOException {
    Path file = folder.resolve("old.pth");
    Files.write(file, new byte[] {(byte) 0x80, 2, (byte) 0x8a, 10, 'l', (byte) 0xfc});

    assertThatThrownBy(() -> TensorArchive.open(file))
        .hasMessage(
            file
                + ": this is the format of torch.save before PyTorch 1.6; load it there, and save it"
                + " again");
  }

  @Test
  void aTornFileIsToldSoWhereverItEnds() throws IOException {
    byte[] whole = Files.readAllBytes(TorchFiles.plain().write(folder.resolve("a.pth")));
    Path torn = folder.resolve("torn.pth");
    for (int length = 4; length < whole.length; length++) {
      Files.write(torn, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> TensorArchive.open(torn))
          .as("%d bytes", length)
          .isInstanceOf(MalformedFileException.class);
    }
  }

  @Test
  void noDamageEndsOtherwiseThanInARefusal() throws IOException {
    byte[] whole = Files.readAllBytes(TorchFiles.plain().write(folder.resolve("a.pth")));
    Path damaged = folder.resolve("damaged.pth");
    Random random = new Random(3);
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] bytes = whole.clone();
      // Not in the two first bytes, by which the format is told.
      bytes[4 + random.nextInt(bytes.length - 4)] = (byte) random.nextInt(256);
      Files.write(damaged, bytes);
      try {
        TensorArchive.open(damaged);
      } catch (MalformedFileException expected) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }
}
