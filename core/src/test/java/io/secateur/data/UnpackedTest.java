package io.secateur.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.model.MalformedFileException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever unpacks a file refuses one that unpacks to more than data does. */
class UnpackedTest {
  @TempDir private Path folder;

  /** 130 MB of zeros behind a beginning, packed into a thousandth. */
  private Path bomb(String name, byte[] begin) throws IOException {
    Path file = folder.resolve(name);
    boolean zip = name.endsWith(".zip");
    try (OutputStream out =
        zip
            ? new ZipOutputStream(Files.newOutputStream(file))
            : new GZIPOutputStream(Files.newOutputStream(file))) {
      if (out instanceof ZipOutputStream entries) {
        entries.putNextEntry(new ZipEntry("SST-2/train.tsv"));
      }
      out.write(begin);
      for (int i = 0; i < 130; i++) {
        out.write(new byte[1 << 20]);
      }
    }
    assertThat(Files.size(file)).isLessThan(200_000);
    return file;
  }

  private static void refuses(Path bomb, ThrowingCallable reading) {
    assertThatThrownBy(reading)
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith(bomb.toString())
        .hasMessageContaining("unpacks to over 134,217,728 bytes");
  }

  @Test
  void idxFilesAreNoBombs() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(16).putInt(2051).putInt(200_000).putInt(28).putInt(28);
    Path images = bomb("images.gz", header.array());

    refuses(images, () -> IdxFile.header(images, 3).read());
  }

  @Test
  void textsAndTablesAreNoBombs() throws IOException {
    Path text = bomb("a.txt.gz", new byte[0]);
    refuses(text, () -> TextFiles.at(text).addTo(new Digest()));
    Path sentences = bomb("train.tsv.gz", "sentence\tlabel\n".getBytes(UTF_8));
    refuses(sentences, () -> new SentenceFile(sentences, Optional.empty()).count());
    Path archive = bomb("SST-2.zip", "sentence\tlabel\n".getBytes(UTF_8));
    refuses(archive, () -> new SentenceFile(archive, Optional.of("SST-2/train.tsv")).count());
    Path table = bomb("table.csv.gz", "a,b\n".getBytes(UTF_8));
    refuses(table, () -> new CsvFile(table, ',', true).columns());
  }

  @Test
  void whatIsPackedHardIsReadWhereItIsSmall() throws IOException {
    Path zeros = Files.write(folder.resolve("zeros.gz"), IdxFolder.gzip(new byte[1 << 20]));
    assertThat(Files.size(zeros)).isLessThan(2000);
    try (InputStream in = Unpacked.open(zeros)) {
      assertThat(in.skip(10)).isEqualTo(10);
      assertThat(in.readAllBytes()).hasSize((1 << 20) - 10);
    }
    assertThat(List.of(Unpacked.most(1), Unpacked.most(10L << 20)))
        .containsExactly(128L << 20, 1000L << 20);
  }
}
