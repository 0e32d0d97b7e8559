package io.secateur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WholeFilesTest {
  @TempDir Path folder;

  @Test
  void leavesTheOldFileWhereTheNewOneFails() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old");
    assertThatThrownBy(
            () ->
                WholeFiles.write(
                    file,
                    channel -> {
                      WholeFiles.put(channel, ByteBuffer.wrap(new byte[] {1}));
                      throw new IOException("half-way");
                    }))
        .hasMessage("half-way");
    assertThat(file).hasContent("old");
    assertThat(folder.toFile().list()).containsExactly("file");
  }

  @Test
  void deletesWhatMayBeGoneAlready() throws IOException {
    Files.createDirectories(folder.resolve("a/b"));
    Files.writeString(folder.resolve("a/b/c"), "x");
    WholeFiles.delete(folder.resolve("a"));
    WholeFiles.delete(folder.resolve("a"));
    assertThat(folder.resolve("a")).doesNotExist();
  }

  @Test
  void deletesALinkAndNotWhatItLeadsTo() throws IOException {
    Path kept = Files.createDirectories(folder.resolve("kept"));
    Files.writeString(kept.resolve("file"), "x");
    Path link = Files.createSymbolicLink(folder.resolve("link"), kept);
    WholeFiles.delete(link);
    assertThat(link).doesNotExist();
    assertThat(kept.resolve("file")).exists();
  }
}
