package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.plugin.Catalogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  private static final Catalogs CATALOGS = Catalogs.load(List.of());

  private static final String STUDY =
      """
      study: small
      data: digits
      %s
      pipeline: [train]
      measure: [accuracy]
      """;

  @TempDir private Path folder = Path.of("");

  private Study read(String model) throws IOException {
    Path file = Files.writeString(folder.resolve("study.yaml"), STUDY.formatted(model));
    return StudyFile.read(file, List.of(), CATALOGS);
  }

  private void write(String text) throws IOException {
    Files.createDirectories(folder.resolve("models"));
    Files.writeString(folder.resolve("models/net.yaml"), text);
  }

  @Test
  void standsWhereTheStudyNamesIt() throws IOException {
    write(
        "# A net.\nlayers:\n  - flatten\n  - linear: {name: 'the \"first\"', units: 7}\n  - linear\n");
    Study inline =
        read("model: {layers: [flatten, {linear: {name: 'the \"first\"', units: 7}}, linear]}");

    Study flow = read("model: {file: models/net.yaml}  # a file");
    Study block = read("model:\n  file: models/net.yaml");

    assertThat(flow.model()).isEqualTo(inline.model()).isEqualTo(block.model());
    assertThat(flow.text()).contains("}  # a file\npipeline: [train]");
    // What a run keeps needs the file no more.
    Files.delete(folder.resolve("models/net.yaml"));
    assertThat(StudyFile.parse("kept", block.text(), List.of(), CATALOGS).model())
        .isEqualTo(inline.model());
  }

  @Test
  void mayBeTheModelOfPretrainedWeights() throws IOException {
    write("layers: [flatten, linear]");

    assertThatThrownBy(() -> read("model: {pretrained: {model: {file: models/net.yaml}, file: w}}"))
        .hasMessageContaining("there is no file");
  }

  @Test
  void namesTheLineInTheFileThatIsWrong() throws IOException {
    write("layers:\n  - flatten\n  - liner\n");

    assertThatThrownBy(() -> read("model: {file: models/net.yaml}"))
        .hasMessageStartingWith(folder.resolve("models/net.yaml") + ":3:5: ")
        .hasMessageContaining("liner");
    assertThatThrownBy(() -> read("model: {file: nowhere.yaml}"))
        .hasMessage(
            folder.resolve("study.yaml")
                + ":3:15: there is no model file "
                + folder.resolve("nowhere.yaml"));
  }
}
