package io.secateur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.CheckpointFiles;
import io.secateur.model.Encoding;
import io.secateur.model.Initialisation;
import io.secateur.model.Layer;
import io.secateur.model.Linear;
import io.secateur.sparsity.Mask;
import io.secateur.study.Plan;
import io.secateur.study.StudyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code prune: {mask: …}} in a study: its key, and what planning refuses. Needs no natives. */
class MaskInStudyTest {
  @TempDir private Path folder;

  private static final Architecture NET = net(new Linear("fc1", 3), new Linear("out", 2));

  private static Architecture net(Layer... layers) {
    return new Architecture(new Shape(4), List.of(layers));
  }

  private static Checkpoint model(Architecture net, String name, LongPredicate kept) {
    return new Checkpoint(net, net.initialise(Initialisation.PYTORCH, 1))
        .withMasks(Map.of(name, Mask.of(net.parameter(name).form(), kept)));
  }

  private Path stored(String name, Checkpoint checkpoint) throws IOException {
    Path place = folder.resolve(name);
    CheckpointFiles.write(checkpoint, place);
    return place;
  }

  private StudyRun study(String... pipeline) throws IOException {
    Path rows = folder.resolve("rows.csv");
    Files.writeString(rows, "a,b,c,d,y\n" + "1,2,3,4,0\n4,3,2,1,1\n".repeat(10));
    Path file = folder.resolve("masks.yaml");
    Files.writeString(
        file,
        """
        study: masks
        data: {csv: {file: "%s", target: y, problem: classification}}
        model: {mlp: {hidden: [3]}}
        pipeline: [%s]
        measure: [sparsity]
        """
            .formatted(rows, String.join(", ", pipeline)));
    return Secateur.study(file);
  }

  private static String prune(Path mask) {
    return "prune: {mask: \"" + mask + "\"}";
  }

  private static String key(Plan plan) {
    return plan.nodes().stream()
        .filter(node -> node.name().equals("prune"))
        .findFirst()
        .orElseThrow()
        .key();
  }

  @Test
  void theKeyHoldsWhatTheFilesHold() throws IOException {
    Path place = stored("some", model(NET, "fc1.weight", cell -> cell % 2 == 0));
    String before = key(study(prune(place)).plan());
    assertThat(key(study(prune(place)).plan())).isEqualTo(before);

    Files.move(place, folder.resolve("old"));
    stored("some", model(NET, "fc1.weight", cell -> cell % 3 == 0));
    assertThat(key(study(prune(place)).plan())).isNotEqualTo(before);
  }

  @Test
  void takesFilesThatKeepMasks() throws IOException {
    Checkpoint model = model(NET, "fc1.weight", cell -> cell > 2);
    Path both = folder.resolve("both.safetensors");
    Encoding.WEIGHTS_AND_MASKS.write(model, both);
    Path alone = stored("folder", model).resolve("masks.safetensors");
    for (Path place : List.of(both, alone)) {
      assertThat(study(prune(place)).plan().nodes()).isNotEmpty();
      assertThat(CheckpointFiles.readMasks(place, NET)).isEqualTo(model.masks());
    }
  }

  @Test
  void refusesWhatDoesNotFitWhenPlanning() throws IOException {
    Path wide =
        stored(
            "wide",
            model(net(new Linear("fc1", 5), new Linear("out", 2)), "fc1.weight", cell -> true));
    refuses(
        "the masks of " + wide + " do not fit: fc1.weight is 3 x 4 in the model, its mask is 5 x 4",
        prune(wide));
    Path other =
        stored(
            "other",
            model(net(new Linear("fc2", 3), new Linear("out", 2)), "fc2.weight", cell -> true));
    refuses(
        "the masks of " + other + " do not fit: the model has no parameter fc2.weight",
        prune(other));
    Path dense = stored("dense", new Checkpoint(NET, NET.initialise(Initialisation.PYTORCH, 1)));
    refuses(dense + " holds no masks; ", prune(dense));
    Path absent = folder.resolve("absent");
    refuses("mask: there is no checkpoint and no file of masks " + absent, prune(absent));
    refuses(absent + " is no folder of a finished run", prune(Path.of(absent + "#imp/1/1")));
    Path damaged = folder.resolve("damaged.safetensors");
    Files.writeString(damaged, "no numbers at all");
    refuses("mask: " + damaged, prune(damaged));
    refuses(
        "mask says which weights go; leave out method, amount",
        "prune: {mask: \"" + dense + "\", amount: 0.5}");
  }

  @Test
  void leavesItToTheRunWhetherMasksFitASmallerModel() throws IOException {
    Path wide =
        stored(
            "wide",
            model(net(new Linear("fc1", 5), new Linear("out", 2)), "fc1.weight", cell -> true));
    assertThat(study("compact", prune(wide)).plan().nodes()).isNotEmpty();
    refuses("mask: there is no checkpoint", "compact", prune(folder.resolve("absent")));
  }

  @Test
  void unitesMasksAndSetsZeros() throws IOException {
    Checkpoint first = model(NET, "fc1.weight", cell -> cell != 0);
    Model model = Secateur.session().model(first);
    Path place = stored("some", model(NET, "fc1.weight", cell -> cell > 3 && cell != 7));

    Model pruned = model.masked(place.toString());

    assertThat(pruned.checkpoint().mask("fc1.weight").pruned()).isEqualTo(5);
    float[] cells = pruned.checkpoint().parameter("fc1.weight").toFloats();
    for (int cell : List.of(0, 1, 2, 3, 7)) {
      assertThat(Float.floatToRawIntBits(cells[cell])).isZero();
    }
    assertThat(cells[4]).isEqualTo(first.parameter("fc1.weight").toFloats()[4]).isNotZero();
    assertThat(pruned.checkpoint().masks()).containsOnlyKeys("fc1.weight");
  }

  @Test
  void aMaskMayPruneAll() throws IOException {
    StringBuilder said = new StringBuilder();
    Model model =
        Secateur.session()
            .model(model(NET, "out.weight", cell -> true))
            .listener(line -> said.append(line).append('\n'))
            .masked(stored("none", model(NET, "out.weight", cell -> false)).toString());
    assertThat(model.checkpoint().parameter("out.weight").toFloats()).containsOnly(0f);
    assertThat(said)
        .contains("out.weight  6 / 6 (100.00 %)")
        .contains("warning: out.weight: all its cells are pruned");
  }

  private void refuses(String message, String... pipeline) throws IOException {
    StudyRun run = study(pipeline);
    assertThatThrownBy(run::plan)
        .isInstanceOf(StudyException.class)
        .hasMessageContaining(message)
        .message()
        .contains("masks.yaml:4:");
  }
}
