package io.secateur.study;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.Tensor;
import io.secateur.model.TrainingState;
import io.secateur.plugin.Catalogs;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.LabelledStep;
import io.secateur.spi.Metric;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Point;
import io.secateur.spi.Recipe;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Stop;
import io.secateur.spi.Task;
import io.secateur.spi.TrainingStage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/** Plugins whose arithmetic needs no engine, so that whole runs take a second. */
public final class Toys {
  private Toys() {}

  static Catalogs catalogs() {
    return Catalogs.holding(
        List.of(
            Data.class,
            Regress.class,
            Model.class,
            Train.class,
            Prune.class,
            Rewind.class,
            Tune.class,
            Burst.class,
            Quit.class,
            Nap.class,
            Watch.class,
            Clock.class,
            Rounds.class,
            Control.class,
            Total.class,
            Zeros.class,
            Accuracy.class,
            Jitter.class,
            Keeper.class,
            Leave.class,
            Kept.class,
            Hits.class,
            Anew.class,
            Filed.class));
  }

  /** As many examples as asked, none of which can be looked at. */
  public record Data(int examples) implements DatasetSource {
    public Data() {
      this(40);
    }

    @Override
    public String name() {
      return "toy-data";
    }

    @Override
    public Task task() {
      return new Task.Classification(new Shape(6), 3);
    }

    @Override
    public int size(Split split, DataFiles files) {
      return split == Split.TRAIN ? examples : 0;
    }

    @Override
    public Examples open(Split split, DataFiles files) {
      throw new IllegalStateException("nobody looks at toy data");
    }

    @Override
    public String fingerprint(DataFiles files) {
      return "toy";
    }
  }

  /** Data of another task. */
  public record Regress() implements DatasetSource {
    @Override
    public String name() {
      return "toy-regression";
    }

    @Override
    public Task task() {
      return new Task.Regression(new Shape(6), 3);
    }

    @Override
    public int size(Split split, DataFiles files) {
      return 10;
    }

    @Override
    public Examples open(Split split, DataFiles files) {
      throw new IllegalStateException("nobody looks at toy data");
    }

    @Override
    public String fingerprint(DataFiles files) {
      return "toy";
    }
  }

  /** One linear layer. */
  public record Model(boolean fits) implements ModelSource {
    public Model() {
      this(true);
    }

    @Override
    public String name() {
      return "toy-model";
    }

    @Override
    public Architecture architecture(Task task) {
      if (!fits) {
        throw new IllegalArgumentException("a toy model that does not fit the task");
      }
      return new Architecture(task.input(), List.of(new Linear("fc", task.outputs())));
    }

    @Override
    public Checkpoint open(Task task, long seed) {
      Architecture architecture = architecture(task);
      return new Checkpoint(architecture, architecture.initialise(Initialisation.PYTORCH, seed));
    }
  }

  /** Moves every kept weight a little each step, with momentum: so that cutting could go wrong. */
  public record Train(int epochs, int batch, int nap, long stop) implements TrainingStage {
    public Train() {
      this(2, 10, 0, 0);
    }

    @Override
    public String name() {
      return "train";
    }

    @Override
    public long stepsPerEpoch(int examples) {
      return ((long) examples + batch - 1) / batch;
    }

    @Override
    public long steps(int examples) {
      return epochs * stepsPerEpoch(examples);
    }

    @Override
    public TrainingStage until(long step) {
      return new Train(epochs, batch, nap, step);
    }

    @Override
    public int ordinal(int round) {
      return 0;
    }

    @Override
    public Checkpoint run(Checkpoint input, Context context) throws IOException {
      long total = steps(40);
      Optional<TrainingState> state = input.training().filter(s -> !s.over() && s.total() == total);
      long from = state.map(TrainingState::step).orElse(0L);
      float[] weight = input.parameter("fc.weight").toFloats();
      float[] momentum =
          state
              .map(s -> s.optimizer().get("fc.weight/momentum"))
              .map(Tensor::toFloats)
              .orElse(new float[weight.length]);
      Mask mask = input.mask("fc.weight");
      long seed = context.seed("train");
      long end = stop == 0 ? total : stop;
      for (long step = from; step < end; step++) {
        Pause.millis(nap);
        for (int i = 0; i < weight.length; i++) {
          float push = (float) StrictMath.sin((double) (seed % 1000 + step * 31 + i));
          momentum[i] = mask.keeps(i) ? 0.9f * momentum[i] + push : 0;
          weight[i] = mask.keeps(i) ? weight[i] - 0.01f * momentum[i] : 0;
        }
        context.progress(step + 1, end);
      }
      context.record(new Row("loss", weight[0], "", "train", 1, ""));
      context.say("trained from step " + from + " to " + end);
      Shape shape = input.parameter("fc.weight").shape();
      Map<String, Tensor> slots =
          stop == 0 ? Map.of() : Map.of("fc.weight/momentum", Tensor.of(shape, momentum));
      return with(input, weight)
          .withTraining(Optional.of(new TrainingState(end, total, slots, List.of())));
    }
  }

  private static Checkpoint with(Checkpoint input, float[] weight) {
    Map<String, Tensor> parameters = new LinkedHashMap<>(input.parameters());
    parameters.put("fc.weight", Tensor.of(input.parameter("fc.weight").shape(), weight));
    return input.withParameters(parameters);
  }

  /** Prunes the first so many cells that are kept. */
  public record Prune(int cells) implements Stage {
    public Prune() {
      this(3);
    }

    @Override
    public String name() {
      return "prune";
    }

    @Override
    public List<String> faults(Architecture architecture, Task task) {
      return cells > 18 ? List.of("there are 18 cells, not " + cells) : List.of();
    }

    @Override
    public Prune eased(double factor) {
      return new Prune((int) (cells * factor));
    }

    @Override
    public Map<String, Long> foresee(Architecture architecture, Map<String, Long> before) {
      return Map.of("fc.weight", before.getOrDefault("fc.weight", 0L) + cells);
    }

    @Override
    public Checkpoint run(Checkpoint input, Context context) {
      Mask before = input.mask("fc.weight");
      List<Long> gone = new ArrayList<>();
      for (long i = 0; i < 18 && gone.size() < cells; i++) {
        if (before.keeps(i)) {
          gone.add(i);
        }
      }
      Form form = before.form();
      Mask mask = Mask.of(form, cell -> before.keeps(cell) && !gone.contains(cell));
      float[] weight = input.parameter("fc.weight").toFloats();
      for (int i = 0; i < weight.length; i++) {
        weight[i] = mask.keeps(i) ? weight[i] : 0;
      }
      return with(input, weight).withMasks(Map.of("fc.weight", mask));
    }
  }

  /** Goes back to a label, an epoch, a step or the end of a round. */
  public record Rewind(String to, int epoch, long step, int round) implements Stage {
    public Rewind() {
      this("", -1, -1, -1);
    }

    private Point point() {
      if (!to.isEmpty()) {
        return new Point.Label(to);
      }
      if (round >= 0) {
        return new Point.Round(round);
      }
      if (epoch >= 0) {
        return new Point.Epoch(epoch);
      }
      return step >= 0 ? new Point.Step(step) : new Point.Init();
    }

    @Override
    public String name() {
      return "rewind";
    }

    @Override
    public Set<Point> recalls() {
      return Set.of(point());
    }

    @Override
    public Checkpoint run(Checkpoint input, Context context) throws IOException {
      Checkpoint target = context.recall(point());
      float[] weight = target.parameter("fc.weight").toFloats();
      for (int i = 0; i < weight.length; i++) {
        weight[i] = input.mask("fc.weight").keeps(i) ? weight[i] : 0;
      }
      return with(input, weight).withTraining(target.training());
    }
  }

  /** Draws a seed of its own in every round. */
  public record Tune() implements Stage {
    @Override
    public String name() {
      return "tune";
    }

    @Override
    public Checkpoint run(Checkpoint input, Context context) {
      float[] weight = input.parameter("fc.weight").toFloats();
      weight[17] = context.seed("tune") % 1000;
      return with(input, weight);
    }
  }

  /** A training that diverges. */
  public record Burst() implements Stage {
    @Override
    public String name() {
      return "burst";
    }

    @Override
    public Checkpoint run(Checkpoint input, Context context) {
      throw new IllegalStateException("the loss is NaN in epoch 1; try a smaller learning rate");
    }
  }

  /** Ends the process it runs in, as a plugin or a native library may. */
  public record Quit() implements Stage {
    @Override
    public String name() {
      return "quit";
    }

    @Override
    public Checkpoint run(Checkpoint input, Context context) {
      System.exit(0);
      return input;
    }
  }

  /** Takes its time, and prints where only events belong. */
  public record Nap(int millis) implements Stage {
    public Nap() {
      this(10);
    }

    @Override
    public String name() {
      return "nap";
    }

    @Override
    public Checkpoint run(Checkpoint input, Context context) throws IOException {
      System.out.println("a plugin that talks");
      Pause.millis(millis);
      return input;
    }
  }

  /** What shows whether others are at work: a file per process in a folder that they share. */
  private static void beSeen(String folder, String kind, int millis) throws IOException {
    Path place = Path.of(folder);
    Path self = place.resolve(kind + "." + ProcessHandle.current().pid());
    Files.createFile(self);
    for (int i = 0; i < 5; i++) {
      try (Stream<Path> files = Files.list(place)) {
        List<String> names = files.map(file -> file.getFileName().toString()).toList();
        if (names.stream().filter(name -> name.startsWith("step.")).count() > 1) {
          Files.writeString(place.resolve("together"), names.toString());
        }
        boolean timed = names.stream().anyMatch(name -> name.startsWith("timed."));
        if (timed && names.stream().filter(name -> name.matches("(step|timed).*")).count() > 1) {
          Files.writeString(place.resolve("disturbed"), names.toString());
        }
      }
      Pause.millis(millis / 5);
    }
    Files.delete(self);
  }

  /** Works where others can see it. */
  public record Watch(String folder, int millis) implements Stage {
    public Watch() {
      this("", 20);
    }

    @Override
    public String name() {
      return "watch";
    }

    @Override
    public Checkpoint run(Checkpoint input, Context context) throws IOException {
      beSeen(folder, "step", millis);
      return input;
    }
  }

  /** Times nothing where others can see it. */
  public record Clock(String folder, int millis) implements Metric.OfModel {
    public Clock() {
      this("", 20);
    }

    @Override
    public String name() {
      return "clock";
    }

    @Override
    public List<Quantity> quantities() {
      return List.of(new Quantity("clock", "s", false, false));
    }

    @Override
    public List<Value> measure(Checkpoint model) {
      try {
        beSeen(folder, "timed", millis);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return List.of(new Value("clock", 1));
    }
  }

  /** Repeats stages. */
  public record Rounds(int rounds, List<LabelledStep> stages, Optional<Stop> stop)
      implements Recipe {
    public Rounds() {
      this(1, List.of(), Optional.empty());
    }

    @Override
    public String name() {
      return "rounds";
    }

    @Override
    public List<Element> expand(List<Element> before) {
      if (rounds < 1 || rounds > 10000) {
        throw new IllegalArgumentException("rounds are 1 to 10000, was " + rounds);
      }
      List<Element> elements = new ArrayList<>();
      for (int round = 1; round <= rounds; round++) {
        elements.add(new Element.RoundStart(round, rounds));
        for (LabelledStep stage : stages) {
          elements.add(new Element.Run(stage.step()));
          if (!stage.label().isEmpty()) {
            elements.add(new Element.Label(stage.label()));
          }
        }
        if (stop.isPresent()) {
          elements.add(new Element.Check(stop.get()));
          elements.add(new Element.Branch("side", List.of(new Element.Run(new Prune(1)))));
        }
        elements.add(new Element.RoundEnd(round));
      }
      return elements;
    }
  }

  /** Prunes on a branch, and goes on as if it had not. */
  public record Control() implements Recipe {
    @Override
    public String name() {
      return "control";
    }

    @Override
    public List<Element> expand(List<Element> before) {
      return List.of(
          new Element.RoundStart(1, 1),
          new Element.Run(new Prune(1)),
          new Element.Branch("more", List.of(new Element.Run(new Prune(2)))),
          new Element.RoundEnd(1));
    }
  }

  /** Ends the process that measures. */
  public record Leave() implements Metric.OfModel {
    @Override
    public String name() {
      return "leave";
    }

    @Override
    public List<Quantity> quantities() {
      return List.of(new Quantity("leave", "", true, true));
    }

    @Override
    public List<Value> measure(Checkpoint model) {
      Runtime.getRuntime().halt(5);
      return List.of();
    }
  }

  /** The sum of the weights. */
  public record Total() implements Metric.OfModel {
    @Override
    public String name() {
      return "total";
    }

    @Override
    public List<Quantity> quantities() {
      return List.of(new Quantity("total", "", true, true));
    }

    @Override
    public List<Value> measure(Checkpoint model) {
      double sum = 0;
      for (float weight : model.parameter("fc.weight").toFloats()) {
        sum += weight;
      }
      return List.of(new Value("total", sum));
    }
  }

  /** Cells pruned, under the name of a metric that a figure draws. */
  public record Zeros() implements Metric.OfModel {
    @Override
    public String name() {
      return "sparsity";
    }

    @Override
    public List<Quantity> quantities() {
      return List.of(new Quantity("sparsity", "%", false, true));
    }

    @Override
    public List<Value> measure(Checkpoint model) {
      return List.of(new Value("sparsity", 100 * model.mask("fc.weight").sparsity()));
    }
  }

  /** Suits classification only. */
  public record Accuracy() implements Metric.OfModel {
    @Override
    public String name() {
      return "accuracy";
    }

    @Override
    public boolean suits(Task task) {
      return task instanceof Task.Classification;
    }

    @Override
    public List<Quantity> quantities() {
      return List.of(new Quantity("accuracy", "%", true, true));
    }

    @Override
    public List<Value> measure(Checkpoint model) {
      return List.of(new Value("accuracy", 50));
    }
  }

  /** Cells kept, in per cent: what falls as rounds prune. */
  public record Kept() implements Metric.OfModel {
    @Override
    public String name() {
      return "kept";
    }

    @Override
    public List<Quantity> quantities() {
      return List.of(new Quantity("kept", "%", true, true));
    }

    @Override
    public List<Value> measure(Checkpoint model) {
      return List.of(new Value("kept", 100 - 100 * model.mask("fc.weight").sparsity()));
    }
  }

  /** Keeps a file that says how many cells are pruned. */
  public record Keeper(int example) implements Metric.OfRuntime {
    public Keeper() {
      this(-1);
    }

    @Override
    public String name() {
      return "keeper";
    }

    @Override
    public List<Quantity> quantities() {
      return List.of(new Quantity("keeper/pruned", "", true, true));
    }

    @Override
    public List<String> faults(IntSupplier tests) {
      return example < 0 || example < tests.getAsInt()
          ? List.of()
          : List.of("there is no test example " + example);
    }

    @Override
    public List<Value> measure(Checkpoint model, Bench bench) {
      long pruned = model.mask("fc.weight").pruned();
      bench.keep("pruned.txt", Long.toString(pruned).getBytes(StandardCharsets.UTF_8));
      return List.of(new Value("keeper/pruned", (double) pruned));
    }
  }

  /** A metric of predictions, which toys have not. */
  public record Hits() implements Metric.OfPredictions {
    @Override
    public String name() {
      return "hits";
    }

    @Override
    public List<Quantity> quantities() {
      return List.of(new Quantity("hits", "%", true, true));
    }

    @Override
    public Tally start(Task task) {
      throw new IllegalStateException("nobody predicts on toy data");
    }
  }

  /** Asks for a fresh model, and takes its weights where they are kept. */
  public record Anew() implements Stage {
    @Override
    public String name() {
      return "anew";
    }

    @Override
    public boolean opensFresh() {
      return true;
    }

    @Override
    public Checkpoint run(Checkpoint input, Context context) throws IOException {
      return context.fresh(context.seed("anew")).withMasks(input.masks());
    }
  }

  /** A model of numbers that are kept in a file. */
  public record Filed() implements ModelSource {
    @Override
    public String name() {
      return "toy-filed";
    }

    @Override
    public String fingerprint() {
      return "f11e";
    }

    @Override
    public Architecture architecture(Task task) {
      return new Model().architecture(task);
    }

    @Override
    public Checkpoint open(Task task, long seed) {
      return new Model().open(task, 1);
    }
  }

  /** A number that belongs to its machine. */
  public record Jitter() implements Metric.OfModel {
    @Override
    public String name() {
      return "jitter";
    }

    @Override
    public List<Quantity> quantities() {
      return List.of(new Quantity("jitter", "s", false, false));
    }

    @Override
    public List<Value> measure(Checkpoint model) {
      return List.of(new Value("jitter", System.nanoTime() % 1000));
    }
  }
}
