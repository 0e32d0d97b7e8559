package io.secateur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFileTest {
  private static final byte[] ANY = {1, 2, 3, 4, 5, 6};

  @TempDir Path folder;

  @Test
  void readsHeaderAndBytes() throws IOException {
    Path file = write(IdxFolder.idx(2051, new int[] {1, 2, 3}, ANY));

    assertThat(IdxFile.header(file, 3).dimensions()).containsExactly(1, 2, 3);
    assertThat(IdxFile.header(file, 3).read()).isEqualTo(ANY);
  }

  @Test
  void unpacksGzipWhateverTheFileIsCalled() throws IOException {
    Path file = write(IdxFolder.gzip(IdxFolder.idx(2051, new int[] {1, 2, 3}, ANY)));

    assertThat(IdxFile.header(file, 3).read()).isEqualTo(ANY);
  }

  @Test
  void readsMoreThanOneBufferful() throws IOException {
    byte[] content = new byte[3_000_000];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i % 251);
    }
    Path file = write(IdxFolder.gzip(IdxFolder.idx(2049, new int[] {content.length}, content)));

    assertThat(IdxFile.header(file, 1).read()).isEqualTo(content);
  }

  @Test
  void namesAWrongMagicNumberAndTheRightOne() throws IOException {
    Path file = write(IdxFolder.idx(2049, new int[] {6}, ANY));

    assertFault(file, 3, ", byte 0: the magic number is 2049, a file of images begins with 2051");
    assertFault(
        write(IdxFolder.idx(2051, new int[] {1, 2, 3}, ANY)),
        1,
        ", byte 0: the magic number is 2051, a file of labels begins with 2049");
  }

  @Test
  void namesTheOffsetAtWhichAHeaderEnds() throws IOException {
    byte[] whole = IdxFolder.idx(2051, new int[] {1, 2, 3}, ANY);

    assertFault(
        write(Arrays.copyOf(whole, 9)), 3, ", byte 9: the file ends within its header of 16 bytes");
    assertFault(write(new byte[0]), 3, ", byte 0: the file ends within its header of 16 bytes");
  }

  @Test
  void namesTheOffsetAtWhichBytesEnd() throws IOException {
    byte[] whole = IdxFolder.idx(2051, new int[] {1, 2, 3}, ANY);

    assertFault(
        write(Arrays.copyOf(whole, 20)),
        3,
        ", byte 20: the file ends here, the header promises 22 bytes");
  }

  @Test
  void refusesBytesAfterThoseOfTheHeader() throws IOException {
    byte[] whole = IdxFolder.idx(2051, new int[] {1, 2, 3}, ANY);

    assertFault(
        write(Arrays.copyOf(whole, 23)),
        3,
        ", byte 22: the file goes on, the header promises that it ends here");
  }

  @Test
  void namesAnIncompleteDownload() throws IOException {
    byte[] content = new byte[100_000];
    SplitMix random = new SplitMix(1);
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) random.next();
    }
    byte[] packed = IdxFolder.gzip(IdxFolder.idx(2049, new int[] {content.length}, content));
    Path file = write(Arrays.copyOf(packed, 70_000));

    assertThatThrownBy(() -> IdxFile.header(file, 1).read())
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            ".*data, byte \\d{5}: the gzip stream breaks off here: the download is incomplete");
  }

  @Test
  void namesADamagedGzipStream() throws IOException {
    byte[] packed = IdxFolder.gzip(IdxFolder.idx(2051, new int[] {1, 2, 3}, ANY));
    packed[packed.length - 8] ^= 1;

    assertFault(write(packed), 3, ", byte 22: the gzip stream is damaged (Corrupt GZIP trailer)");
  }

  @Test
  void namesAGzipFileWithoutItsBeginning() throws IOException {
    Path file = write(new byte[] {0x1f, (byte) 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9});

    assertFault(file, 3, ", byte 0: the gzip stream is damaged (Unsupported compression method)");
  }

  @Test
  void aHeaderThatPromisesTooMuchNeedsNoMemory() throws IOException {
    Path file = write(IdxFolder.idx(2051, new int[] {2_000_000, 28, 28}, ANY));

    assertFault(file, 3, ", byte 22: the file ends here, the header promises 1568000016 bytes");
  }

  @Test
  void refusesANegativeDimension() throws IOException {
    Path file = write(IdxFolder.idx(2051, new int[] {1, -2, 3}, ANY));

    assertFault(file, 3, ", byte 8: a dimension is -2, 0 or more would be right");
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("data"), bytes);
  }

  private static void assertFault(Path file, int rank, String message) {
    assertThatThrownBy(() -> IdxFile.header(file, rank).read())
        .isInstanceOf(IOException.class)
        .hasMessage(file + message);
  }
}
