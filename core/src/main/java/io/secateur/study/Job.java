package io.secateur.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a worker is told when it starts: the study and its folders. It makes the plan itself, and
 * the digest shows that it is the runner's.
 *
 * @param file how messages name the study file
 * @param failed steps not to try again, each with its reason
 * @param apart measurements to be taken one by one, since one of them ended a worker
 */
record Job(
    String file,
    String text,
    List<String> overrides,
    String store,
    List<String> plugins,
    @Nullable String data,
    String device,
    String digest,
    Map<String, String> failed,
    Set<String> apart,
    @Nullable Again again) {

  /**
   * Checkpoints to be timed again, in place of the plan.
   *
   * @param checkpoints their keys
   * @param metrics which of the study's, by their place in its {@code measure}
   * @param rounds how often each is measured
   * @param threads of the engine
   */
  record Again(List<String> checkpoints, List<Integer> metrics, int rounds, int threads) {}

  /** Returns this job after some steps have failed, and some are to be taken one by one. */
  Job without(Map<String, String> steps, Set<String> single) {
    return new Job(
        file,
        text,
        overrides,
        store,
        plugins,
        data,
        device,
        digest,
        Map.copyOf(steps),
        Set.copyOf(single),
        again);
  }

  Setup setup() {
    return new Setup(
        plugins.stream().map(Path::of).toList(), Optional.ofNullable(data).map(Path::of), device);
  }
}
