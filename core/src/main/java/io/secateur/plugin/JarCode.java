package io.secateur.plugin;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says which plugin jar something was thrown in, so that its author is asked and not we. */
public final class JarCode {
  private JarCode() {}

  /**
   * Returns the method of a plugin jar that something was thrown in, or that called what threw:
   * {@code my.Method.scores of mine.jar}; nothing when no jar's code was on the way.
   */
  public static Optional<String> behind(Throwable thrown) {
    Throwable each = thrown;
    for (int depth = 0; each != null && depth < 16; depth++) {
      Optional<String> found =
          Arrays.stream(each.getStackTrace())
              .filter(frame -> isJar(frame.getClassLoaderName()))
              .findFirst()
              .map(JarCode::named);
      if (found.isPresent()) {
        return found;
      }
      each = each.getCause();
    }
    return Optional.empty();
  }

  /** Loaders of plugin jars carry the names of their files; no others have names like these. */
  private static boolean isJar(@Nullable String loader) {
    return loader != null && loader.endsWith(".jar");
  }

  private static String named(StackTraceElement frame) {
    return "%s.%s of %s"
        .formatted(frame.getClassName(), frame.getMethodName(), frame.getClassLoaderName());
  }
}
