package io.secateur.study;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A disk of its own, so small that it is soon full, or one that can be made read-only: permissions
 * do not bind whoever may mount one. Tests are skipped, with a line, where none can be mounted.
 */
public final class TinyDisk implements AutoCloseable {
  private final Path folder;

  private TinyDisk(Path folder) {
    this.folder = folder;
  }

  /**
   * Mounts a disk.
   *
   * @param folder where; made if it is not there
   */
  public static TinyDisk of(Path folder, int kilobytes) throws IOException {
    Files.createDirectories(folder);
    boolean mounted =
        Files.isExecutable(Path.of("/bin/mount"))
            && succeeds("mount", "-t", "tmpfs", "-o", "size=" + kilobytes + "k", "none", folder);
    if (!mounted) {
      System.out.println("skipped: this machine does not let tests mount a file system");
    }
    assumeTrue(mounted, "no file system can be mounted");
    return new TinyDisk(folder);
  }

  /** Makes it larger, or smaller. */
  public void resize(int kilobytes) throws IOException {
    remount("size=" + kilobytes + "k");
  }

  /** Lets nobody write, or everybody again. */
  public void readOnly(boolean whether) throws IOException {
    remount(whether ? "ro" : "rw");
  }

  private void remount(String option) throws IOException {
    if (!succeeds("mount", "-o", "remount," + option, folder)) {
      throw new IOException("cannot remount with " + option);
    }
  }

  private static boolean succeeds(Object... command) throws IOException {
    List<String> words = Arrays.stream(command).map(Object::toString).toList();
    Process process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    // A process that is just ending may still have a file open.
    if (!succeeds("umount", folder) && !succeeds("umount", "-l", folder)) {
      throw new IOException("cannot unmount " + folder);
    }
  }
}
