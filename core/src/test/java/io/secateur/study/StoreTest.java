package io.secateur.study;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.model.Checkpoint;
import io.secateur.model.Tensor;
import io.secateur.model.TrainingState;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  private static final String KEY = "a".repeat(64);
  private static final Task TASK = new Toys.Data().task();

  @TempDir Path folder;
  private Store store;

  @BeforeEach
  void open() throws IOException {
    store = Store.open(folder, Clock.systemUTC());
  }

  private static Checkpoint full() {
    Checkpoint fresh = new Toys.Model().open(TASK, 1);
    Mask mask = Mask.of(Form.matrix(3, 6), cell -> cell % 2 == 0);
    float[] weight = fresh.parameter("fc.weight").toFloats();
    for (int i = 1; i < weight.length; i += 2) {
      weight[i] = 0;
    }
    Tensor masked = Tensor.of(fresh.parameter("fc.weight").shape(), weight);
    return new Checkpoint(
        fresh.architecture(),
        Map.of("fc.weight", masked, "fc.bias", fresh.parameter("fc.bias")),
        Map.of("fc.weight", mask),
        Optional.of(
            new TrainingState(
                3,
                8,
                Map.of("fc.weight/momentum", masked),
                List.of(new TrainingState.Epoch(1, Map.of("loss", 0.5))))),
        Map.of("vocabulary.txt", new byte[] {1, 2, 3}));
  }

  private void publish(String key, Checkpoint checkpoint) throws IOException {
    store.publish(
        new Manifest(
            Manifest.FORMAT,
            key,
            "why",
            "",
            store.shelve(checkpoint),
            List.of(),
            List.of(),
            List.of(),
            new Manifest.Made("m", "h", 2, "now", 1.5, "v"),
            null));
  }

  private List<Path> blobs() throws IOException {
    try (Stream<Path> walk = Files.walk(folder.resolve("blobs"))) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void keepsTheFilesOfAMeasurementOnceAndChecksThem() throws IOException {
    byte[] images = {1, 2, 3};
    for (String key : List.of(KEY, "b".repeat(64))) {
      store.publish(
          new Manifest(
              Manifest.FORMAT,
              key,
              "why",
              "",
              null,
              List.of(),
              List.of(),
              store.keep(
                  Map.of("images.json", images, "says-" + key.charAt(0), key.getBytes(UTF_8))),
              new Manifest.Made("m", "h", 2, "now", 1.5, "v"),
              null));
    }
    assertThat(blobs()).hasSize(3);
    assertThat(Store.reading(folder).kept(KEY, "images.json")).hasValue(images);
    assertThat(store.kept(KEY, "other.json")).isEmpty();
    assertThat(store.isIntact(KEY)).isTrue();
    for (Path blob : blobs()) {
      Files.write(blob, new byte[] {9, 9, 9});
    }
    Store again = Store.open(folder, Clock.systemUTC());
    assertThat(again.isIntact(KEY)).isFalse();
    assertThatThrownBy(() -> again.kept(KEY, "images.json"))
        .isInstanceOf(DamagedStepException.class);
  }

  @Test
  void readsManifestsOfBeforeMeasurementsKeptFiles() throws IOException {
    publish(KEY, full());
    Path manifest = folder.resolve("steps").resolve(KEY).resolve("manifest.json");
    String older = Files.readString(manifest).replaceFirst("(?s) *\"kept\" : \\[ \\],\\s*", "");
    assertThat(older).doesNotContain("kept");
    Files.writeString(manifest, older);
    Files.writeString(manifest.resolveSibling("manifest.sha256"), Digests.sha256(older));
    assertThat(store.checkpoint(KEY)).isEqualTo(full());
    assertThat(store.kept(KEY, "images.json")).isEmpty();
  }

  @Test
  void givesBackWhatItWasGiven() throws IOException {
    publish(KEY, full());
    Checkpoint read = store.checkpoint(KEY);
    assertThat(read).isEqualTo(full());
    assertThat(read.parameters().keySet()).containsExactly("fc.weight", "fc.bias");
    assertThat(read.training()).isEqualTo(full().training());
    assertThat(read.attachments().get("vocabulary.txt")).containsExactly(1, 2, 3);
    assertThat(store.manifest(KEY).orElseThrow().made().seconds()).isEqualTo(1.5);
  }

  @Test
  void storesEqualTensorsOnce() throws IOException {
    publish(KEY, full());
    int before = blobs().size();
    publish("b".repeat(64), full());
    assertThat(blobs()).hasSize(before);
  }

  @Test
  void knowsNothingOfAStepThatIsNotPublished() throws IOException {
    store.shelve(full());
    assertThat(store.contains(KEY)).isFalse();
    assertThat(store.manifest(KEY)).isEmpty();
  }

  @Test
  void leavesNothingBehindInItsTemporaryFolder() throws IOException {
    publish(KEY, full());
    publish(KEY, full());
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void seesEveryDamagedBlobAndMendsByRunningAgain() throws IOException {
    publish(KEY, full());
    for (Path blob : blobs()) {
      byte[] bytes = Files.readAllBytes(blob);
      bytes[bytes.length / 2] ^= 1;
      Files.write(blob, bytes);
      assertThatThrownBy(() -> store.checkpoint(KEY))
          .isInstanceOf(DamagedStepException.class)
          .hasMessageContaining(blob.getFileName().toString());
      store.discard(KEY);
      assertThat(store.contains(KEY)).isFalse();
      publish(KEY, full());
      assertThat(store.checkpoint(KEY)).isEqualTo(full());
    }
  }

  @Test
  void looksIntoWhatWasTouchedAndIntoWhatReadingFoundDamaged() throws IOException {
    publish(KEY, full());
    Path blob = blobs().get(0);
    FileTime own = Files.getLastModifiedTime(blob);
    byte[] bytes = Files.readAllBytes(blob);
    bytes[0] ^= 1;
    Files.write(blob, bytes);
    assertThat(Store.open(folder, Clock.systemUTC()).isIntact(KEY)).isFalse();

    // As a disk loses a bit: without a trace.
    Files.setLastModifiedTime(blob, own);
    assertThat(Store.open(folder, Clock.systemUTC()).isIntact(KEY)).isTrue();
    assertThatThrownBy(() -> Store.reading(folder).checkpoint(KEY))
        .isInstanceOf(DamagedStepException.class);
    assertThat(Store.open(folder, Clock.systemUTC()).isIntact(KEY)).isFalse();
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void looksIntoWhatWasTouchedByAnyClock() throws IOException {
    publish(KEY, full());
    Path blob = blobs().get(0);
    byte[] bytes = Files.readAllBytes(blob);
    bytes[0] ^= 1;
    Files.write(blob, bytes);
    FileTime other = Files.getLastModifiedTime(blobs().get(1));
    FileTime written = Files.getLastModifiedTime(blob);
    for (FileTime date :
        List.of(FileTime.fromMillis(0), FileTime.fromMillis(946_684_800_000L), other, written)) {
      Files.setLastModifiedTime(blob, date);
      assertThat(Store.open(folder, Clock.systemUTC()).isIntact(KEY)).as("%s", date).isFalse();
    }
  }

  @Test
  void countsACopyWithOtherDatesAsWholeAfterReadingIt() throws IOException {
    publish(KEY, full());
    for (Path blob : blobs()) {
      Files.setLastModifiedTime(blob, FileTime.fromMillis(0));
    }
    assertThat(Store.open(folder, Clock.systemUTC()).isIntact(KEY)).isTrue();
  }

  @Test
  void seesABlobThatIsShortOrGone() throws IOException {
    publish(KEY, full());
    Path blob = blobs().get(0);
    Files.write(blob, new byte[1]);
    assertThatThrownBy(() -> store.checkpoint(KEY)).isInstanceOf(DamagedStepException.class);
    Files.delete(blob);
    assertThatThrownBy(() -> store.checkpoint(KEY))
        .isInstanceOf(DamagedStepException.class)
        .hasMessageContaining("missing");
  }

  @Test
  void seesADamagedManifest() throws IOException {
    publish(KEY, full());
    Path manifest = folder.resolve("steps").resolve(KEY).resolve("manifest.json");
    Files.writeString(manifest, Files.readString(manifest).replace("1.5", "2.5"));
    assertThatThrownBy(() -> store.manifest(KEY)).isInstanceOf(DamagedStepException.class);
    store.discard(KEY);
    assertThat(store.contains(KEY)).isFalse();
  }

  @Test
  void clearsWhatDeadProcessesLeft() throws IOException {
    Owner self = Owner.current();
    Path dead = folder.resolve("tmp").resolve(self.host() + "_" + self.process() + "_1.7");
    Path alive = folder.resolve("tmp").resolve(self.id() + ".7");
    Files.createDirectory(dead);
    Files.writeString(dead.resolve("manifest.json"), "{");
    Files.createDirectory(alive);
    Store.open(folder, Clock.systemUTC());
    assertThat(dead).doesNotExist();
    assertThat(alive).exists();
  }

  @Test
  void keepsARewoundModelInKilobytes() throws IOException {
    Checkpoint start = new Toys.Model().open(TASK, 1);
    publish(KEY, start);
    int before = blobs().size();
    // Rewinding gives tensors that are there already; only the mask is new.
    publish("c".repeat(64), start.withMasks(Map.of("fc.weight", Mask.dense(Form.matrix(3, 6)))));
    assertThat(blobs()).hasSize(before + 1);
  }
}
