package io.secateur.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Encoding;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.spi.Format;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFormatTest {
  @TempDir Path folder;

  @Test
  void isFoundAndRecognisesWhatItWrote() throws IOException {
    Format format =
        ServiceLoader.load(Format.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(each -> each.name().equals("safetensors"))
            .findFirst()
            .orElseThrow();
    Architecture architecture = new Architecture(new Shape(3), List.of(new Linear("fc", 2)));
    Checkpoint checkpoint =
        new Checkpoint(architecture, architecture.initialise(Initialisation.PYTORCH, 1));

    format.write(checkpoint, folder.resolve("a"));
    Encoding.DENSE.write(checkpoint, folder.resolve("b.safetensors"));

    assertThat(format.reads(folder)).isFalse();
    assertThat(format.reads(folder.resolve("a"))).isTrue();
    assertThat(format.reads(folder.resolve("b.safetensors"))).isTrue();
    assertThat(format.read(folder.resolve("a"))).isEqualTo(checkpoint);
    assertThat(format.read(folder.resolve("b.safetensors"))).isEqualTo(checkpoint);
  }
}
