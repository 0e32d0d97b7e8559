package io.secateur.sparsity;

import io.secateur.benchmarks.Numbers;
import io.secateur.benchmarks.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From scores at hand to masks. */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
public class SelectionBenchmark {
  /** See {@link Task}. */
  @Param("global/1000000/50/distinct/first")
  public String work = "";

  private Task task = Task.of("global/1000000/50/distinct/first");
  private List<Selection.Candidate> candidates = List.of();

  /** Makes four matrices of scores. */
  @Setup(Level.Trial)
  public void make() {
    task = Task.of(work);
    candidates = candidates(task);
  }

  /** Returns what takes part. */
  public static List<Selection.Candidate> candidates(Task task) {
    int side = Numbers.side(task.cells());
    int count = side * side;
    Form form = Form.matrix(side, side);
    List<Selection.Candidate> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      float[] scores =
          task.ties() ? Numbers.ties(i, count) : Numbers.distinct((long) i * count, count);
      for (int cell = 0; cell < count; cell++) {
        scores[cell] = Math.abs(scores[cell]);
      }
      all.add(new Selection.Candidate("w" + i, Mask.dense(form), Scores.of(scores), task.before()));
    }
    Map<String, Mask> before =
        task.second() ? Selection.select(task.pattern(), all).masks() : Map.of();
    return all.stream()
        .map(
            each ->
                new Selection.Candidate(
                    each.name(),
                    before.getOrDefault(each.name(), each.before()),
                    each.scores(),
                    task.amount()))
        .toList();
  }

  /** Selects. */
  @Benchmark
  public Selection.Outcome select() {
    return Selection.select(task.pattern(), candidates);
  }
}
