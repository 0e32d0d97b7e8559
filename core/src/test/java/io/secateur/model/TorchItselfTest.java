package io.secateur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against PyTorch, where a Python has it. */
class TorchItselfTest {
  private static final String MAKE =
      """
      import torch, collections
      torch.manual_seed(1)
      net = torch.nn.Sequential(collections.OrderedDict([
          ("conv", torch.nn.Conv2d(3, 5, 3)), ("bn", torch.nn.BatchNorm2d(5)),
          ("flat", torch.nn.Flatten()), ("out", torch.nn.Linear(5, 3))])).eval()
      x = torch.randn(2, 3, 3, 3)
      torch.save(net.state_dict(), "plain.pth")
      torch.save({"epoch": 3, "best": 0.5, "flags": [True, None, (1, 2)],
                  "state_dict": net.state_dict(),
                  "optimizer": torch.optim.Adam(net.parameters()).state_dict()}, "training.pth")
      torch.save(net.half().state_dict(), "half.pth")
      torch.save(net.bfloat16().state_dict(), "bfloat16.pth")
      torch.save(net.double().state_dict(), "double.pth")
      torch.jit.trace(net.float(), x).save("traced.pt")
      torch.jit.script(net).save("script.pt")
      """;

  private static final String COMPARE =
      """
      import torch, sys, inspect
      def read(name):
          if name.endswith(".pt"):
              return torch.jit.load(name).state_dict()
          # PyTorch 1.13 takes no floating numbers, as those of an optimiser, with weights_only.
          safe = "weights_only" in inspect.signature(torch.load).parameters and "training" not in name
          d = torch.load(name, weights_only=True) if safe else torch.load(name)
          return d.get("state_dict", d)
      a, b = read(sys.argv[1]), read(sys.argv[2])
      assert list(a) == list(b)
      for n in a:
          assert a[n].dtype == b[n].dtype and a[n].shape == b[n].shape
          if n in ("conv.weight", "out.weight"):
              flat, other = a[n].flatten(), b[n].flatten()
              assert torch.equal(other[1::2], flat[1::2]), n
              assert (other[0::2] == 0).all() and (flat != 0).all(), n
          else:
              assert torch.equal(a[n], b[n]), n
      if sys.argv[1].endswith(".pt"):
          torch.jit.load(sys.argv[2])(torch.zeros(2, 3, 3, 3))
      print("fine")
      """;

  private static final String LOAD =
      """
      import torch, collections, inspect
      safe = "weights_only" in inspect.signature(torch.load).parameters
      ours = torch.load("ours.pth", weights_only=True) if safe else torch.load("ours.pth")
      theirs = torch.load("plain.pth")
      assert type(ours) is collections.OrderedDict
      assert list(ours) == [n for n in theirs if n != "bn.num_batches_tracked"]
      for n in ours:
          assert ours[n].dtype == theirs[n].dtype and torch.equal(ours[n], theirs[n]), n
          assert ours[n].stride() == theirs[n].stride() and not ours[n].requires_grad, n
      net = torch.nn.Sequential(collections.OrderedDict([
          ("conv", torch.nn.Conv2d(3, 5, 3)), ("bn", torch.nn.BatchNorm2d(5)),
          ("flat", torch.nn.Flatten()), ("out", torch.nn.Linear(5, 3))])).eval()
      net.load_state_dict(ours, strict=True)
      assert net(torch.randn(2, 3, 3, 3)).shape == (2, 3)
      print("fine")
      """;

  @TempDir private static Path folder = Path.of("");
  private static String python = "";

  @BeforeAll
  static void makeFiles() throws IOException, InterruptedException {
    for (String each : List.of("python3", "/usr/bin/python3")) {
      if (python.isEmpty()) {
        try {
          python = said(each, "-c", "import torch").isEmpty() ? each : "";
        } catch (IOException absent) {
          // The next one may be there.
        }
      }
    }
    assumeTrue(!python.isEmpty(), "no Python here has torch");
    assertThat(said(python, "-c", MAKE)).doesNotContain("Error");
  }

  private static String said(String... command) throws IOException, InterruptedException {
    Path output = folder.resolve("said");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.waitFor();
    return Files.readString(output);
  }

  @ParameterizedTest
  @CsvSource({
    "plain.pth, ''",
    "training.pth, state_dict",
    "half.pth, ''",
    "bfloat16.pth, ''",
    "double.pth, ''",
    "traced.pt, ''",
    "script.pt, ''"
  })
  void whatIsWrittenIsReadByTorch(String name, String within)
      throws IOException, InterruptedException {
    TensorArchive archive = TensorArchive.open(folder.resolve(name), within);
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (String weight : List.of("conv.weight", "out.weight")) {
      Tensor tensor = Naive.value(archive.tensors(), weight);
      masks.put(weight, Mask.of(Form.matrix(1, tensor.size()), cell -> cell % 2 == 1));
    }

    archive.write(
        folder.resolve("pruned-" + name), tensor -> Optional.ofNullable(masks.get(tensor)));

    assertThat(said(python, "-c", COMPARE, name, "pruned-" + name))
        .isEqualToIgnoringNewLines("fine");
  }

  @Test
  void aWholeModelIsRefusedByTheNameOfItsClass() throws IOException, InterruptedException {
    said(python, "-c", "import torch; torch.save(torch.nn.Linear(2, 2), 'model.pth')");

    assertThatThrownBy(() -> TensorArchive.open(folder.resolve("model.pth")))
        .hasMessageContaining("there is torch.nn.modules.linear.Linear, and only tensors");
  }

  /** Written by us from nothing, loaded safely, and put into the network strictly. */
  @Test
  void aStateDictIsLoadedByTorch() throws IOException, InterruptedException {
    Map<String, Tensor> tensors = TorchFile.open(folder.resolve("plain.pth"), "").tensors();
    tensors.remove("bn.num_batches_tracked");
    TorchSave.write(tensors, folder.resolve("ours.pth"));

    assertThat(said(python, "-c", LOAD)).isEqualToIgnoringNewLines("fine");
  }
}
