package io.secateur.prune;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.Calibrator;
import io.secateur.model.Tensor;
import io.secateur.model.TensorArchive;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.OneByOne;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.sparsity.Scores;
import io.secateur.sparsity.Selection.Candidate;
import io.secateur.spi.CellwiseMethod;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.ScoringMethod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Prunes tensors in files, of which no model is known: single weights, by a method that looks at
 * nothing but them. Numbers that are 0 count as pruned before. One tensor is looked at at a time
 * and scored again whenever its scores are read, so that memory does not grow with the file: it
 * takes three bits for each number of the largest tensor and some blocks of rows; a method that
 * looks at whole weights takes what it needs for the largest.
 *
 * @param scope under {@code Global} all tensors share one budget, in the order of the archive
 * @param seeds gives a tensor's seed by its name
 */
public record FilePruning(
    ScoringMethod method, Scope scope, Amount amount, ToLongFunction<String> seeds) {

  /**
   * What became of a tensor.
   *
   * @param before numbers that were 0 before
   * @param pruned numbers without their weight now, those before included
   */
  public record Count(String name, long before, long pruned, long weights) {}

  /** What was pruned, and the warnings of the selection. */
  public record Outcome(List<Count> counts, List<String> warnings) {
    public Outcome {
      counts = List.copyOf(counts);
      warnings = List.copyOf(warnings);
    }
  }

  /** Is told how a pruning gets on. */
  public interface Watch {
    /**
     * A tensor is about to be looked at.
     *
     * @param pass from 1; scope global looks at all tensors several times
     * @param last whether this pass decides, and writes what is to be written
     * @param done numbers of the tensors before it
     * @param total numbers of all tensors that take part
     */
    void looksAt(int pass, boolean last, long done, long total);
  }

  /** Returns why a method cannot prune tensors without a model; nothing when it can. */
  public static Optional<String> fault(PruningMethod method) {
    if (!method.needs().isEmpty()) {
      return Optional.of(
          "%s needs statistics of a network that runs on data (%s); prune the model in a study"
              .formatted(method.name(), method.needs().iterator().next()));
    }
    if (!(method instanceof ScoringMethod scoring)) {
      return Optional.of(
          method.name() + " changes the weights that stay; prune the model in a study");
    }
    if (scoring.unitwise() || !scoring.companions().isEmpty()) {
      return Optional.of(
          "%s scores whole units of a network, here single weights are pruned; prune the model in a"
                  .formatted(method.name())
              + " study");
    }
    return Optional.empty();
  }

  /**
   * Prunes.
   *
   * @param names the tensors that take part
   * @param to where the result is written, whole or not at all; nothing to see what would be pruned
   * @throws IllegalArgumentException when the pruning is impossible, or a score is NaN; names the
   *     tensor
   */
  public Outcome run(TensorArchive archive, Set<String> names, Optional<Path> to)
      throws IOException {
    return run(archive, names, to, (pass, last, done, total) -> {});
  }

  /** Prunes, as {@link #run}, and tells how it gets on. */
  public Outcome run(TensorArchive archive, Set<String> names, Optional<Path> to, Watch watch)
      throws IOException {
    Pattern pattern = new Pattern(new Granularity.Element(), scope);
    List<Count> counts = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      long total =
          archive.tensors().entrySet().stream()
              .filter(each -> names.contains(each.getKey()))
              .mapToLong(each -> each.getValue().size())
              .sum();
      Current current = new Current(manager, new Passes(watch, total));
      List<Supplier<Candidate>> candidates = new ArrayList<>();
      archive
          .tensors()
          .forEach(
              (name, tensor) -> {
                if (names.contains(name)) {
                  candidates.add(() -> current.candidate(name, tensor));
                }
              });
      OneByOne selection = new OneByOne(pattern, candidates);
      current.passes.last();
      TensorArchive.Masks masks =
          name -> {
            if (!names.contains(name)) {
              return Optional.empty();
            }
            Mask mask = selection.next();
            long weights = mask.form().size();
            counts.add(new Count(name, current.pruned(name), mask.pruned(), weights));
            return Optional.of(mask);
          };
      if (to.isPresent()) {
        archive.write(to.get(), masks);
      } else {
        archive.tensors().keySet().forEach(masks::of);
      }
      return new Outcome(counts, selection.warnings());
    }
  }

  /** Returns how a tensor reads as a matrix; the middle sides of five and more are one. */
  public static Form form(Shape shape) {
    long[] sides = shape.getShape();
    if (sides.length == 0) {
      return Form.of(1);
    }
    if (sides.length <= 4) {
      return Form.of(sides);
    }
    int height = 1;
    for (int i = 2; i < sides.length - 1; i++) {
      height = Math.multiplyExact(height, Math.toIntExact(sides[i]));
    }
    return new Form(sides[0], sides[1], height, Math.toIntExact(sides[sides.length - 1]));
  }

  /** Counts how often all tensors have been looked at. */
  private static final class Passes {
    private final Watch watch;
    private final long total;
    private int pass = 1;
    private boolean last;
    private long done;

    Passes(Watch watch, long total) {
      this.watch = watch;
      this.total = total;
    }

    /** All that follows is the last pass. */
    void last() {
      pass = done > 0 ? pass + 1 : pass;
      done = 0;
      last = true;
    }

    void looksAt(long numbers) {
      if (done >= total && total > 0) {
        pass++;
        done = 0;
      }
      watch.looksAt(pass, last, done, total);
      done += numbers;
    }
  }

  /** The candidate that is looked at: asking for the next one forgets it. */
  private final class Current {
    private final NDManager manager;
    private final Passes passes;
    private final Map<String, Long> before = new LinkedHashMap<>();
    private final RowBlocks blocks;
    private Optional<NDManager> own = Optional.empty();

    Current(NDManager manager, Passes passes) {
      this.manager = manager;
      this.passes = passes;
      this.blocks = new RowBlocks(method, manager);
    }

    long pruned(String name) {
      return before.getOrDefault(name, 0L);
    }

    Candidate candidate(String name, Tensor tensor) {
      passes.looksAt(tensor.size());
      own.ifPresent(NDManager::close);
      NDManager next = manager.newSubManager();
      own = Optional.of(next);
      Form form = form(tensor.shape());
      Mask nonZero = Mask.ofNonZero(form, tensor.floats());
      before.put(name, nonZero.pruned());
      Scores numbers = new CellScores(tensor.floats(), FilePruning::withoutNegativeZeros);
      if (method instanceof CellwiseMethod cellwise) {
        return new Candidate(name, nonZero, new CellScores(numbers, cellwise::score), amount);
      }
      RowBlocks.Source source =
          new RowBlocks.Source(
              name,
              form,
              numbers,
              seeds.applyAsLong(name),
              Map.of(),
              Calibrator.none(name, manager));
      Scores scores = method.rowwise() ? blocks.scores(source) : blocks.whole(source, next);
      return new Candidate(name, nonZero, scores, amount);
    }
  }

  private static void withoutNegativeZeros(float[] numbers, int length) {
    for (int i = 0; i < length; i++) {
      numbers[i] += 0f; // so that -0.0 becomes 0.0
    }
  }
}
