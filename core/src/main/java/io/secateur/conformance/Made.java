package io.secateur.conformance;

import ai.djl.ndarray.NDScope;
import ai.djl.util.NativeResource;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Optional;

/**
 * Knows the engine's arrays that this thread makes while it is open, and closes them with itself:
 * so an array that lives on in a manager that nobody closed is seen.
 */
final class Made implements AutoCloseable {
  private final NDScope scope = new NDScope();

  Made() {
    scope.suppressNotUsedWarning();
  }

  /** Returns how many of them are still there; nothing where the engine's scopes do not say. */
  Optional<Integer> open() {
    try {
      // The scope keeps them to itself; every array of the engine is a native resource.
      Field resources = NDScope.class.getDeclaredField("resources");
      resources.setAccessible(true);
      if (resources.get(scope) instanceof Map<?, ?> arrays) {
        int open = 0;
        for (Object array : arrays.keySet()) {
          open += array instanceof NativeResource<?> held && !held.isReleased() ? 1 : 0;
        }
        return Optional.of(open);
      }
    } catch (ReflectiveOperationException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    scope.close();
  }
}
