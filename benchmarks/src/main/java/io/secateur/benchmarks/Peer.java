package io.secateur.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * PyTorch in a process of its own, which times what it is asked for a line at a time and sleeps in
 * between.
 */
final class Peer implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final Writer requests;
  private final String version;

  private Peer(Process process) throws IOException {
    this.process = process;
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.requests = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    String first = answers.readLine();
    this.version = first == null ? "" : first;
  }

  /** Starts it with a Python interpreter. */
  static Peer start(String python, Path script) throws IOException {
    return new Peer(
        new ProcessBuilder(python, script.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** Returns what it is, with its version; empty when it has no PyTorch. */
  String version() {
    return version;
  }

  /** Returns the seconds of each repetition; none when it has nothing like it. */
  List<Double> seconds(String request) throws IOException {
    if (version.isEmpty() || request.isEmpty()) {
      return List.of();
    }
    requests.write(request + "\n");
    requests.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the peer ended when it was asked for " + request);
    }
    return Arrays.stream(answer.split(" "))
        .filter(part -> !part.isEmpty())
        .map(Double::valueOf)
        .toList();
  }

  @Override
  public void close() throws IOException {
    requests.close();
    process.destroy();
  }
}
