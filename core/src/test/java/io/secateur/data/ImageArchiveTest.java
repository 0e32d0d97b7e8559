package io.secateur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.model.MalformedFileException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that nobody should trust: nothing outside is read, nothing is written, all is named. */
class ImageArchiveTest {
  private static final int LINK = 0120777;

  @TempDir private Path folder;

  /** Returns the names of the images that a visitor sees. */
  private static List<String> seen(Path root) throws IOException {
    List<String> seen = new ArrayList<>();
    ImageFiles.visit(root, (part, label, name, bytes) -> seen.add(part + "/" + label));
    return seen;
  }

  private Path tar(TarArchiveEntry entry, byte[] bytes) throws IOException {
    Path path = folder.resolve("a.tar");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(path))) {
      entry.setSize(bytes.length);
      tar.putArchiveEntry(entry);
      tar.write(bytes);
      tar.closeArchiveEntry();
    }
    return path;
  }

  private Path zip(ZipArchiveEntry entry, byte[] bytes) throws IOException {
    Path path = folder.resolve("a.zip");
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(Files.newOutputStream(path))) {
      zip.putArchiveEntry(entry);
      zip.write(bytes);
      zip.closeArchiveEntry();
    }
    return path;
  }

  private void assertAlone(Path archive) throws IOException {
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(archive);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train/../../evil/1.png",
        "../train/cat/1.png",
        "train/cat/../../../1.png",
        "/train/cat/1.png",
        "C:/train/cat/1.png",
        "train\\..\\..\\cat\\1.png"
      })
  void refusesNamesThatLeadOut(String name) throws IOException {
    Path tar = tar(new TarArchiveEntry(name, true), new byte[1]);
    assertThatThrownBy(() -> seen(tar))
        .isInstanceOf(IOException.class)
        .hasMessage(tar + "!" + name + ": leads out of the archive");
    assertAlone(tar);
    Files.delete(tar);
    Path zip = zip(new ZipArchiveEntry(name), new byte[1]);
    assertThatThrownBy(() -> seen(zip))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(zip + "!")
        .hasMessageEndingWith("1.png: leads out of the archive");
    assertAlone(zip);
  }

  @ParameterizedTest
  @ValueSource(bytes = {TarConstants.LF_SYMLINK, TarConstants.LF_LINK})
  void refusesLinksInTars(byte kind) throws IOException {
    TarArchiveEntry link = new TarArchiveEntry("train/cat/1.png", kind);
    link.setLinkName("/etc/passwd");
    Path tar = tar(link, new byte[0]);

    assertThatThrownBy(() -> seen(tar))
        .hasMessage(tar + "!train/cat/1.png: a link; archives of images hold files only");
  }

  @Test
  void readsALinkInAZipAsTheTextThatItIs() throws IOException {
    // Read as a stream, a zip does not say which entries are links: none is ever followed.
    ZipArchiveEntry link = new ZipArchiveEntry("train/cat/1.png");
    link.setUnixMode(LINK);
    Path zip = zip(link, "/etc/passwd".getBytes(StandardCharsets.UTF_8));
    List<Integer> sizes = new ArrayList<>();

    ImageFiles.visit(zip, (part, label, name, bytes) -> sizes.add(bytes.length));

    assertThat(sizes).containsExactly("/etc/passwd".length());
  }

  @Test
  void doesNotFollowLinksInFoldersButTheFolderMayBeOne() throws IOException {
    Path secret =
        Files.write(Files.createDirectory(folder.resolve("x")).resolve("1.png"), new byte[1]);
    Path cat = Files.createDirectories(folder.resolve("set/train/cat"));
    Files.createSymbolicLink(cat.resolve("1.png"), secret);
    Files.createSymbolicLink(folder.resolve("set/train/dog"), secret.getParent());
    Files.write(cat.resolve("2.png"), new byte[1]);
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("set"));

    assertThat(seen(folder.resolve("set"))).containsExactly("TRAIN/cat");
    assertThat(seen(Whereabouts.resolved(link))).containsExactly("TRAIN/cat");
  }

  @Test
  void refusesAnEntryThatSaysItIsHugeBeforeReadingIt() throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry("train/cat/1.png");
    entry.setSize(7L << 30);
    byte[] header = new byte[512];
    entry.writeEntryHeader(header);
    Path tar = Files.write(folder.resolve("a.tar"), Arrays.copyOf(header, 2048));

    assertThatThrownBy(() -> seen(tar))
        .hasMessage(tar + "!train/cat/1.png: larger than any image, 67108864 bytes");
  }

  @Test
  void refusesAnEntryThatUnpacksToMoreThanItSays() throws IOException {
    Path zip = folder.resolve("a.zip");
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(Files.newOutputStream(zip))) {
      out.putArchiveEntry(new ZipArchiveEntry("train/cat/1.png"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 65; i++) {
        out.write(zeros);
      }
      out.closeArchiveEntry();
    }
    assertThat(Files.size(zip)).isLessThan(100_000);

    assertThatThrownBy(() -> seen(zip))
        .hasMessage(zip + "!train/cat/1.png: larger than any image, 67108864 bytes");
  }

  /** What is passed over is unpacked too, and nobody would wait for it. */
  @Test
  void refusesABombOfWhatIsNoImage() throws IOException {
    Path zip = folder.resolve("a.zip");
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(Files.newOutputStream(zip))) {
      out.putArchiveEntry(new ZipArchiveEntry("read.me"));
      zeros(out, 129);
      out.closeArchiveEntry();
    }
    Path tar = folder.resolve("a.tar.gz");
    try (TarArchiveOutputStream out =
        new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(tar)))) {
      TarArchiveEntry entry = new TarArchiveEntry("read.me");
      entry.setSize(129L << 20);
      out.putArchiveEntry(entry);
      zeros(out, 129);
      out.closeArchiveEntry();
    }
    for (Path bomb : List.of(zip, tar)) {
      assertThat(Files.size(bomb)).isLessThan(200_000);
      assertThatThrownBy(() -> seen(bomb))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageStartingWith(bomb + ": unpacks to over 134,217,728 bytes");
    }
  }

  private static void zeros(OutputStream out, int megabytes) throws IOException {
    for (int i = 0; i < megabytes; i++) {
      out.write(new byte[1 << 20]);
    }
  }

  @Test
  void namesTheEntryWhereAnArchiveIsCutShort() throws IOException {
    byte[] noise = new byte[100_000];
    new Random(3).nextBytes(noise);
    byte[] tar = Files.readAllBytes(tar(new TarArchiveEntry("train/cat/1.png"), noise));
    byte[] zip = Files.readAllBytes(zip(new ZipArchiveEntry("train/cat/1.png"), noise));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(tar);
    }
    Path[] cut = {
      Files.write(folder.resolve("cut.tar"), Arrays.copyOf(tar, 50_000)),
      Files.write(folder.resolve("cut.zip"), Arrays.copyOf(zip, 50_000)),
      Files.write(folder.resolve("cut.tar.gz"), Arrays.copyOf(packed.toByteArray(), 50_000))
    };
    for (Path path : cut) {
      assertThatThrownBy(() -> seen(path))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(path + "!train/cat/1.png: the archive is damaged or cut short");
    }
  }

  @Test
  void namesAnArchiveThatIsNone() throws IOException {
    Path text = Files.writeString(folder.resolve("a.tar.gz"), "no archive");

    assertThatThrownBy(() -> seen(text))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(text + ": not an archive of its name's kind: ");
  }

  @Test
  void passesOverWhatSystemsLeaveBesideImages() throws IOException {
    Path cat = Files.createDirectories(folder.resolve("train/cat"));
    Files.write(cat.resolve("._1.png"), new byte[1]);
    Files.write(cat.resolve("1.png"), new byte[1]);

    assertThat(seen(folder)).containsExactly("TRAIN/cat");
  }

  @Test
  void namesTheBatchOfCifarThatIsCutShort() throws IOException {
    byte[] whole = IdxFolder.gzip(new byte[3073 * 10]);
    Path batch = folder.resolve("data_batch_1.bin.gz");
    Files.write(batch, Arrays.copyOf(whole, whole.length / 2));
    CifarBatches batches = CifarBatches.find(List.of(folder)).orElseThrow();

    assertThatThrownBy(() -> batches.load(ImageFiles.Part.TRAIN))
        .hasMessageStartingWith(batch + ": damaged or cut short (");
  }
}
