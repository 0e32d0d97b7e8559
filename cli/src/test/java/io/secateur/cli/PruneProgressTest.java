package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PruneProgressTest {
  private final StringWriter err = new StringWriter();

  /** Two passes over ten tensors of a hundred numbers, each told as the child does. */
  private void prune(boolean silent, boolean terminal) {
    try (PruneProgress progress =
        new PruneProgress(new PrintWriter(err), Path.of("net.pth"), silent, terminal)) {
      for (int pass = 1; pass <= 2; pass++) {
        for (int done = 0; done < 1000; done += 100) {
          progress.show(new PruneProgress.State(pass, pass == 2, done, 1000).text());
        }
      }
    }
  }

  @Test
  void elsewhereThanOnATerminalAQuarterIsALine() {
    prune(false, false);
    assertThat(err.toString().lines())
        .containsExactly(
            "net.pth: pass 1, 0 %",
            "net.pth: pass 1, 25 %",
            "net.pth: pass 1, 50 %",
            "net.pth: pass 1, 75 %",
            "net.pth: last pass, 0 %",
            "net.pth: last pass, 25 %",
            "net.pth: last pass, 50 %",
            "net.pth: last pass, 75 %");
  }

  @Test
  void onATerminalOneLineIsDrawnAnewAndTakenAway() {
    prune(false, true);
    assertThat(err.toString())
        .contains("\r\u001b[Knet.pth: pass 1, 30 %\r\u001b[Knet.pth: pass 1, 40 %")
        .endsWith("net.pth: last pass, 90 %\r\u001b[K")
        .doesNotContain("\n");
  }

  @Test
  void whoWantsQuietHasIt() {
    prune(true, false);
    prune(true, true);
    assertThat(err.toString()).isEmpty();
  }
}
