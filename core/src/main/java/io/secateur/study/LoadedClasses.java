package io.secateur.study;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Classes in the form that they have once loaded, kept in the user's cache so that the next process
 * starts faster (class-data sharing). The launcher names the files and starts this process with
 * what keeping takes; started otherwise, nothing is kept. The JVM uses such a file only with the
 * jars that it was made from, and does without where anything is amiss.
 */
public final class LoadedClasses {
  /** Names the files of one installation: what theirs begin with. */
  private static final String FILES = "secateur.classes";

  /** Names the file that this process is to write. */
  private static final String KEEP = "secateur.classes.keep";

  /** Bytes, several times what is written. */
  private static final long ROOM = 256L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(LoadedClasses.class);

  private LoadedClasses() {}

  /**
   * Returns a worker's flags: to use what an earlier worker left, or to leave it.
   *
   * @param alone whether it may leave something: that takes a core some seconds at its end, while
   *     nothing else must be timed
   */
  static List<String> flags(boolean alone) {
    String files = System.getProperty(FILES);
    if (files == null) {
      return List.of();
    }
    Path file = Path.of(files + ".worker.jsa");
    if (Files.isReadable(file)) {
      return List.of("-XX:SharedArchiveFile=" + file);
    }
    // Classes that cannot be kept are no news.
    return alone
        ? List.of(
            "-XX:+RecordDynamicDumpInfo",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "-D" + KEEP + "=" + file)
        : List.of();
  }

  /** Keeps what this process has loaded, if it was started for that. */
  public static void keep() {
    String name = System.getProperty(KEEP);
    if (name == null) {
      return;
    }
    Path file = Path.of(name);
    // What does not fit on the disk ends the JVM that writes it.
    Path folder = file.getParent();
    if (folder == null || folder.toFile().getUsableSpace() < ROOM) {
      return;
    }
    Path written = Path.of(name + "." + ProcessHandle.current().pid());
    PrintStream out = System.out;
    try {
      // The JVM says there what it has written, and that is nobody's business.
      System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "vmCds",
              // Split at blanks that are not in quotes.
              new Object[] {new String[] {"dynamic_dump", '"' + written.toString() + '"'}},
              new String[] {String[].class.getName()});
      if (Files.exists(written)) {
        // A file that ends too early would end every process that is to use it.
        try (FileChannel channel = FileChannel.open(written)) {
          channel.force(true);
        }
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (JMException | IOException | RuntimeException e) {
      LOG.debug("classes are not kept", e);
    } finally {
      System.setOut(out);
      delete(written);
    }
  }

  private static void delete(Path written) {
    try {
      Files.deleteIfExists(written);
    } catch (IOException e) {
      LOG.debug("a file is left", e);
    }
  }
}
