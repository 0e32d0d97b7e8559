package io.secateur.quantization.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NativesTest {
  @Test
  @Tag("engine")
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "libraries in use cannot be deleted there")
  void whatTheRuntimeUnpackedIsGone() throws ReflectiveOperationException {
    assertThat(Natives.environment().getVersion()).isNotEmpty();

    Field folder = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
    folder.setAccessible(true);
    assertThat((Path) folder.get(null)).doesNotExist();
  }
}
