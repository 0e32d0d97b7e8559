package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.model.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StockTest {
  private static final String FIRST = "a".repeat(64);
  private static final String SECOND = "b".repeat(64);

  @TempDir Path folder;
  private Store store;

  /** Two steps whose models have nothing in common. */
  @BeforeEach
  void fill() throws IOException {
    store = Store.open(folder, Clock.systemUTC());
    publish(FIRST, "secateur model\ndata toy-data", 1);
    publish(SECOND, "secateur step\nfrom x\nstage prune {cells: 6}", 2);
  }

  private void publish(String key, String provenance, long seed) throws IOException {
    Checkpoint model = new Toys.Model().open(new Toys.Data().task(), seed);
    store.publish(
        new Manifest(
            Manifest.FORMAT,
            key,
            provenance,
            "",
            store.shelve(model),
            List.of(),
            List.of(),
            List.of(),
            new Manifest.Made("m", "h", 2, "2026-01-0" + seed + "T00:00:00Z", 1.5, "v"),
            null));
  }

  private Stock stock() throws IOException {
    return Stock.open(folder, Clock.systemUTC());
  }

  private Path manifest(String key) {
    return folder.resolve("steps").resolve(key).resolve("manifest.json");
  }

  private Path file(String key) throws IOException {
    Blobs.Ref ref = store.manifest(key).orElseThrow().blobs().get(0);
    return folder.resolve("blobs").resolve(ref.sha256().substring(0, 2)).resolve(ref.sha256());
  }

  @Test
  void saysWhatStepsAre() throws IOException {
    assertThat(stock().steps()).extracting(StoredStep::what).containsExactly("open", "prune");
    assertThat(stock().steps()).extracting(StoredStep::seconds).containsOnly(1.5);
    assertThat(stock().damage()).isEmpty();
    assertThat(stock().bytes())
        .isEqualTo(stock().steps().stream().mapToLong(StoredStep::bytes).sum())
        .isPositive();
    assertThat(stock().idleBytes()).isZero();
  }

  @Test
  void namesEveryDamagedFileAndManifest() throws IOException {
    Path blob = file(FIRST);
    byte[] bytes = Files.readAllBytes(blob);
    bytes[0] ^= 1;
    Files.write(blob, bytes);
    Files.writeString(manifest(SECOND), "{");
    assertThat(stock().damage())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("step " + FIRST + " (open): " + blob + " does not have"))
        .anyMatch(line -> line.startsWith("step " + SECOND + ": " + manifest(SECOND)));
    Files.delete(blob);
    assertThat(stock().damage()).anyMatch(line -> line.endsWith(blob + " is missing"));
  }

  @Test
  void removesWhatNobodyUsesAndWhatNoStepNeeds() throws IOException {
    Path lost = folder.resolve("blobs/ff");
    Files.createDirectories(lost);
    Files.write(lost.resolve("f".repeat(64)), new byte[10]);
    Path gone = file(SECOND);
    Stock stock = stock();
    List<StoredStep> unused = stock.unused(Set.of(FIRST));
    assertThat(unused).extracting(StoredStep::key).containsExactly(SECOND);
    long expected = stock.bytesWithout(Set.of(SECOND));
    assertThat(stock.idleBytes()).isEqualTo(10);
    assertThat(stock.remove(unused)).isEqualTo(expected).isGreaterThan(10);
    assertThat(gone).doesNotExist();
    assertThat(store.isIntact(FIRST)).isTrue();
    assertThat(store.contains(SECOND)).isFalse();
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
    assertThat(folder.resolve("claims")).isDirectoryNotContaining("glob:**alone*");
  }

  @Test
  void removesNothingWhileARunIsAtWork() throws IOException {
    // The process that started this one lives, and is not this one.
    Owner other = Owner.of(ProcessHandle.current().parent().orElseThrow());
    Files.writeString(folder.resolve("claims").resolve("c".repeat(64)), Json.line(other));
    Stock stock = stock();
    assertThatThrownBy(() -> stock.remove(stock.steps()))
        .isInstanceOf(StudyException.class)
        .hasMessage("a run is at work in " + folder + "; clean up when it has ended");
    assertThat(stock().steps()).hasSize(2);
    // Nor does it keep others from working.
    assertThat(store.claims().take(SECOND)).isTrue();
  }

  @Test
  void doesNotGuessWhatADamagedStepNeeds() throws IOException {
    Files.writeString(manifest(FIRST), "{");
    Stock stock = stock();
    assertThatThrownBy(() -> stock.remove(stock.unused(Set.of(FIRST))))
        .isInstanceOf(StudyException.class)
        .hasMessageContaining("is damaged, so that nobody knows which files it needs");
    assertThat(stock.remove(stock.unused(Set.of()))).isPositive();
    try (Stream<Path> left = Files.walk(folder.resolve("blobs"))) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void changesNothingWhereThereIsNoStore() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    assertThatThrownBy(() -> Stock.open(other, Clock.systemUTC()))
        .isInstanceOf(StudyException.class)
        .hasMessageContaining("is no store");
    assertThat(other).isEmptyDirectory();
  }
}
