package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String... arguments) {
    return new CommandLine(new Main())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void helpIsAskedForAndGoesToStandardOutput() {
    assertThat(execute("--help")).isZero();
    assertThat(out.toString()).startsWith("Usage: secateur");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void anUnknownOptionIsBadInput() {
    assertThat(execute("--sparsity")).isEqualTo(2);
    assertThat(err.toString()).contains("--sparsity");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void theVersionNamesTheProgram() {
    assertThat(execute("--version")).isZero();
    assertThat(out.toString()).startsWith("secateur ");
  }
}
