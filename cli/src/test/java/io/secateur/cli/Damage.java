package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.Mutations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.SoftAssertions;

/**
 * Damages a file and hands it to commands: they work, or end with exit code 2, and with lines on
 * standard error that name the file.
 */
final class Damage {
  /** Within {@code mvn verify}. */
  static final int SAMPLE = 2;

  /** Under {@code -Pstress}. */
  static final int WHOLE = 300;

  private Damage() {}

  /**
   * Damages a file again and again, and mends it at the end.
   *
   * @param out what the commands would write; in {@code first} nobody does
   * @param first tried each time
   * @param then tried only where the first refused the file, so that no process is started for a
   *     file that is fine
   */
  static void check(Path file, int cases, Path out, List<String> first, List<List<String>> then)
      throws IOException {
    byte[] valid = Files.readAllBytes(file);
    Cli.Result whole = Cli.run(first.toArray(String[]::new));
    assertThat(whole.exitCode()).as(whole.err()).isZero();
    long seed = cases == SAMPLE ? 1 : System.nanoTime();
    int refused = 0;
    SoftAssertions softly = new SoftAssertions();
    for (int i = 0; i < cases; i++) {
      Files.write(file, Mutations.damaged(valid, seed + i));
      if (!works(softly, seed + i, file, out, first)) {
        refused++;
        then.forEach(each -> works(softly, 0, file, out, each));
      }
      if (softly.assertionErrorsCollected().size() > 5) {
        break;
      }
    }
    Files.write(file, valid);
    if (cases != SAMPLE) {
      System.out.printf(
          "bad input, %s of %s: %,d cases from seed %d, %,d refused%n",
          first.get(0), file.getFileName(), cases, seed, refused);
    }
    softly.assertAll();
  }

  /** Returns whether a command took the file; where it did not, sees that it said so. */
  private static boolean works(
      SoftAssertions softly, long seed, Path file, Path out, List<String> command) {
    Cli.Result result = Cli.run(command.toArray(String[]::new));
    if (result.exitCode() == 0) {
      return true;
    }
    String what = "seed %d, %s: %s%n%s".formatted(seed, command, result.err(), result.out());
    softly.assertThat(result.exitCode()).as(what).isEqualTo(Main.BAD_INPUT);
    softly.assertThat(result.out()).as(what).isEmpty();
    softly.assertThat(Files.exists(out)).as(what).isFalse();
    softly
        .assertThat(result.err())
        .as(what)
        .isNotBlank()
        .doesNotContain("Exception", "\tat ", "io.secateur.", "failed unexpectedly");
    List<String> lines = result.err().lines().toList();
    softly.assertThat(lines).as(what).allMatch(line -> names(line, file) && line.length() < 2000);
    // A study has a line for each of its faults; all else has one.
    boolean study = file.toString().endsWith(".yaml");
    softly.assertThat(lines.size()).as(what).isLessThanOrEqualTo(study ? lines.size() : 1);
    return false;
  }

  private static boolean names(String line, Path file) {
    return line.contains(file.toString()) || line.contains(String.valueOf(file.getParent()));
  }
}
