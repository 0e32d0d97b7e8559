package io.secateur.quantization.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import io.secateur.model.WholeFiles;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runtime's environment, one for a process, which says errors only. */
final class Natives {
  private static final Logger LOG = LoggerFactory.getLogger(Natives.class);

  private static final OrtEnvironment ENVIRONMENT = loaded();

  private Natives() {}

  static OrtEnvironment environment() {
    return ENVIRONMENT;
  }

  private static OrtEnvironment loaded() {
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "secateur");
    // It unpacks its libraries into a folder of every process's own and would leave that behind,
    // empty. Once loaded, the files may go, but on Windows, where it is as if this were not here.
    try {
      Field folder = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
      folder.setAccessible(true);
      if (folder.get(null) instanceof Path unpacked) {
        WholeFiles.delete(unpacked);
      }
    } catch (ReflectiveOperationException | RuntimeException | IOException e) {
      LOG.debug("the runtime's unpacked libraries stay until it removes them", e);
    }
    return environment;
  }
}
