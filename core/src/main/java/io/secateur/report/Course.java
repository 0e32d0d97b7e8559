package io.secateur.report;

import io.secateur.study.Archive;
import io.secateur.study.CheckpointRef;
import io.secateur.study.RunInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The checkpoints along one arm for one seed, branches left out.
 *
 * @param refs in the order of the pipeline
 * @param pruned index of the first that has masks; -1 when none has
 */
record Course(String arm, long seed, List<CheckpointRef> refs, int pruned) {
  Course {
    refs = List.copyOf(refs);
  }

  /**
   * A checkpoint worth a look.
   *
   * @param when {@code Before pruning}
   * @param what the place's label, else its stage and iteration
   */
  record Moment(String when, String what, CheckpointRef ref) {
    String title() {
      return when + ": " + what;
    }
  }

  /** Returns the course of every arm that has checkpoints, each for the first seed that has. */
  static List<Course> all(RunInfo info, Archive archive) throws IOException {
    List<Course> courses = new ArrayList<>();
    for (RunInfo.Arm arm : info.arms()) {
      Optional<Long> seed =
          info.seeds().stream()
              .filter(each -> !refs(archive, arm.name(), each).isEmpty())
              .findFirst();
      if (seed.isPresent()) {
        List<CheckpointRef> refs = refs(archive, arm.name(), seed.get());
        courses.add(new Course(arm.name(), seed.get(), refs, pruned(refs, archive)));
      }
    }
    if (courses.isEmpty()) {
      throw new NotDrawnException("the run's folder lists no checkpoints");
    }
    return courses;
  }

  /** Returns the course of the first arm that prunes; of the first arm, when none does. */
  static Course first(RunInfo info, Archive archive) throws IOException {
    List<Course> courses = all(info, archive);
    return courses.stream()
        .filter(course -> course.pruned() >= 0)
        .findFirst()
        .orElse(courses.get(0));
  }

  private static List<CheckpointRef> refs(Archive archive, String arm, long seed) {
    return archive.checkpoints().stream()
        .filter(ref -> ref.arm().equals(arm) && ref.seed() == seed && ref.branch().isEmpty())
        .toList();
  }

  private static int pruned(List<CheckpointRef> refs, Archive archive) throws IOException {
    for (int i = 0; i < refs.size(); i++) {
      if (archive.masked(refs.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /** Returns up to three moments: before the first prune, after it, and the end. */
  List<Moment> moments() {
    List<Moment> moments = new ArrayList<>();
    CheckpointRef last = refs.get(refs.size() - 1);
    if (pruned > 0) {
      moments.add(moment("Before pruning", refs.get(pruned - 1)));
    }
    if (pruned >= 0) {
      moments.add(moment("After pruning", refs.get(pruned)));
    }
    if (pruned < refs.size() - 1) {
      moments.add(moment("At the end", last));
    }
    return moments;
  }

  static Moment moment(String when, CheckpointRef ref) {
    return new Moment(when, name(ref), ref);
  }

  /** Returns how a place is called: its label, else its iteration and stage. */
  static String name(CheckpointRef ref) {
    if (!ref.label().isEmpty()) {
      return ref.label();
    }
    String stage = ref.stage().equals("open") ? "as opened" : ref.stage();
    return ref.round() == 0 ? stage : "iteration %d, %s".formatted(ref.round(), stage);
  }

  /** Returns arm and seed in words, and among how many they are. */
  String words(RunInfo info) {
    String seeds =
        "seed %d%s".formatted(seed, info.seeds().size() == 1 ? "" : among(info.seeds(), "seeds"));
    return info.arms().size() == 1
        ? seeds.replaceFirst("s", "S")
        : "Arm %s%s, %s".formatted(arm, among(info.arms(), "arms"), seeds);
  }

  private static String among(List<?> all, String what) {
    return " (of %d %s)".formatted(all.size(), what);
  }
}
