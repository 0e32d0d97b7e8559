package io.secateur;

import io.secateur.evaluate.ArrayExamples;
import io.secateur.evaluate.Classifier;
import io.secateur.evaluate.Evaluation;
import io.secateur.model.Checkpoint;
import io.secateur.model.CheckpointFiles;
import io.secateur.model.Encoding;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Tensor;
import io.secateur.model.WholeFiles;
import io.secateur.plugin.Catalogs;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Scope;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Format;
import io.secateur.spi.Metric;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Recipe;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Step;
import io.secateur.spi.Task;
import io.secateur.stage.Prune;
import io.secateur.study.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A checkpoint in a program: what the stages, metrics and formats of studies do, one call each,
 * without a study. A value: every change gives another model, and this one stays as it is. It holds
 * no memory of the engine, so it is not closed; only {@link #classifier} gives something that is.
 */
public final class Model {
  private final Session session;
  private final Checkpoint checkpoint;
  private final Optional<DatasetSource> source;
  private final Optional<ArrayExamples> given;
  private final long seed;
  private final Consumer<String> listener;

  Model(Session session, Checkpoint checkpoint) {
    this(session, checkpoint, Optional.empty(), Optional.empty(), 1, line -> {});
  }

  private Model(
      Session session,
      Checkpoint checkpoint,
      Optional<DatasetSource> source,
      Optional<ArrayExamples> given,
      long seed,
      Consumer<String> listener) {
    this.session = session;
    this.checkpoint = checkpoint;
    this.source = source;
    this.given = given;
    this.seed = seed;
    this.listener = listener;
  }

  private Model with(Checkpoint other) {
    return new Model(session, other, source, given, seed, listener);
  }

  /** Returns this model with a data set for training, calibration and evaluation. */
  public Model on(DatasetSource data) {
    return new Model(session, checkpoint, Optional.of(data), Optional.empty(), seed, listener);
  }

  /** Returns this model with a data set as a study file writes it: {@code digits}. */
  public Model on(String data) {
    return on(session.read(data, "data", DatasetSource.class));
  }

  /** Returns this model with examples in memory, which stand for every split. */
  public Model on(ArrayExamples examples) {
    return new Model(session, checkpoint, Optional.empty(), Optional.of(examples), seed, listener);
  }

  /** Returns this model with another seed for what is random, as of a study; 1 at first. */
  public Model seed(long other) {
    return new Model(session, checkpoint, source, given, other, listener);
  }

  /** Returns this model with someone who is told the lines that stages say. */
  public Model listener(Consumer<String> other) {
    return new Model(session, checkpoint, source, given, seed, other);
  }

  /** Returns the architecture, parameters and masks. */
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /** Returns the parameters that are pruned by default, with their names and shapes. */
  public List<ParameterSpec> prunable() {
    return checkpoint.architecture().prunable();
  }

  /** Returns how much of each parameter is pruned; it prints as a table. */
  public PruningSummary summary() {
    return PruningSummary.of(checkpoint);
  }

  /**
   * Prunes single weights, which all compete.
   *
   * @param method as a study file writes it: {@code l1}
   * @param fraction of all weights that are pruned in the end, those before included
   */
  public Model prune(String method, double fraction) throws IOException {
    return prune(method, Amount.of(fraction));
  }

  /** Prunes single weights, which all compete: {@code new Amount.Count(5)} prunes five more. */
  public Model prune(String method, Amount amount) throws IOException {
    return prune(method, amount, new Scope.Global(), new Granularity.Element());
  }

  /** Prunes by a method as a study file writes it. */
  public Model prune(String method, Amount amount, Scope scope, Granularity granularity)
      throws IOException {
    PruningMethod named = session.read(method, "method", PruningMethod.class);
    return prune(named, amount, scope, granularity);
  }

  /** Prunes by a method. */
  public Model prune(PruningMethod method, Amount amount, Scope scope, Granularity granularity)
      throws IOException {
    Prune plain = new Prune();
    return run(
        new Prune(
            Optional.of(method),
            granularity,
            scope,
            Optional.of(amount),
            plain.amounts(),
            plain.exclude(),
            plain.include(),
            plain.schedule(),
            plain.calibration()));
  }

  /**
   * Runs a stage as a study file writes it: {@code {finetune: {epochs: 1}}}, {@code quantize},
   * {@code {prune: {method: l1, amount: {count: 5}, scope: layer}}}.
   */
  public Model run(String stage) throws IOException {
    Step step = session.read(stage, "stage", Step.class);
    if (step instanceof Recipe) {
      throw new IllegalArgumentException(
          "%s is a recipe of several stages; run it in a study".formatted(step.name()));
    }
    return run((Stage) step);
  }

  /**
   * Runs a stage, with the seeds that it has in a study before any rounds.
   *
   * @throws IllegalArgumentException in one line when the stage is impossible on this model
   */
  public Model run(Stage stage) throws IOException {
    List<String> faults = new ArrayList<>(stage.faults(checkpoint.architecture(), task()));
    stage.refusal(checkpoint.quantization().isPresent()).ifPresent(faults::add);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    return with(stage.run(checkpoint, context(Path.of(""))));
  }

  /**
   * Prunes what the masks of another model prune too, beside what is pruned already.
   *
   * @throws IllegalArgumentException when it has none, or their names or shapes are not this
   *     model's: all differences at once
   */
  public Model masked(Model other) {
    return with(Grafts.masked(checkpoint, "the other model", other.checkpoint.masks()));
  }

  /** Does the same with masks in a checkpoint's folder, in a file, or in a run. */
  public Model masked(String place) throws IOException {
    return run(new Prune(place));
  }

  /**
   * Returns this model with the masks of another instead of its own. Weights that were pruned and
   * are kept now stay 0 until they are given a value.
   *
   * @throws IllegalArgumentException as {@link #masked(Model)}
   */
  public Model withMasksOf(Model other) {
    Checkpoint dense = checkpoint.withMasks(Map.of()).withTraining(Optional.empty());
    return with(Grafts.masked(dense, "the other model", other.checkpoint.masks()));
  }

  /**
   * Returns this model with the numbers of another under its own masks: what is pruned here stays
   * 0.
   *
   * @param names parameters to copy; none for all
   * @throws IllegalArgumentException when the other has no parameter of that name and shape: all
   *     differences at once
   */
  public Model withWeightsOf(Model other, String... names) {
    return with(Grafts.weights(checkpoint, other.checkpoint, names));
  }

  /**
   * Edits a parameter's numbers; pruned ones are 0 again afterwards.
   *
   * @param change is given a copy of the numbers, row-major, and writes to it
   */
  public Model edit(String name, Consumer<float[]> change) {
    Tensor before = checkpoint.parameter(name);
    float[] numbers = before.toFloats();
    change.accept(numbers);
    return editTensor(name, unused -> Tensor.of(before.shape(), numbers));
  }

  /** Edits a parameter as a tensor of the same shape; pruned numbers are 0 again afterwards. */
  public Model editTensor(String name, UnaryOperator<Tensor> change) {
    Tensor changed = change.apply(checkpoint.parameter(name));
    return with(Grafts.replaced(checkpoint, Map.of(name, changed)));
  }

  /** Returns this model at work; who asks for it closes it. */
  public Classifier classifier() {
    return new Classifier(checkpoint, Devices.named(session.setup().device()));
  }

  /**
   * Measures this model on the test split.
   *
   * @param metrics as a study file writes them: {@code accuracy}, {@code {latency: {batch: [1]}}};
   *     none for all of predictions that suit the task
   * @return the value of every quantity of the whole model, in the order asked
   */
  public Map<String, Double> evaluate(String... metrics) throws IOException {
    List<Metric> asked = new ArrayList<>();
    for (String metric : metrics) {
      asked.add(session.read(metric, "metric", Metric.class));
    }
    if (metrics.length == 0) {
      session.instance(Catalogs.class).of(Metric.OfPredictions.class).entries().stream()
          .map(entry -> (Metric) entry.defaults())
          .filter(metric -> metric.suits(task()))
          .forEach(asked::add);
    }
    Map<String, Double> measured = new LinkedHashMap<>();
    Path folder = Files.createTempDirectory("secateur-evaluate");
    try {
      for (List<Metric.Value> values :
          Evaluation.measure(checkpoint, asked, context(folder)).values()) {
        values.stream()
            .filter(value -> value.layer().isEmpty())
            .forEach(value -> measured.put(value.quantity(), value.value()));
      }
    } finally {
      WholeFiles.delete(folder);
    }
    return measured;
  }

  /** Writes this model to a new folder, with its masks and all else. */
  public void save(Path folder) throws IOException {
    CheckpointFiles.write(checkpoint, folder);
  }

  /** Writes this model in a format as a study file would write it: {@code torch}, {@code onnx}. */
  public void save(Path to, String format) throws IOException {
    session.read(format, "format", Format.class).write(checkpoint, to);
  }

  /** Writes this model to one safetensors file. */
  public void save(Path file, Encoding encoding) throws IOException {
    encoding.write(checkpoint, file);
  }

  private ModelContext context(Path folder) throws IOException {
    if (source.isPresent()) {
      // Refuses a model that was trained with another vocabulary.
      checkpoint.attaching(source.get().attachments(session.instance(DataFiles.class)));
    }
    return new ModelContext(
        this::examples, task(), Devices.named(session.setup().device()), seed, listener, folder);
  }

  private Examples examples(Split split) throws IOException {
    if (given.isPresent()) {
      return given.get();
    }
    DatasetSource data =
        source.orElseThrow(
            () ->
                new IllegalStateException(
                    "this needs examples, and the model was given none; write on(\"digits\") first"));
    return data.open(split, session.instance(DataFiles.class));
  }

  /** Without data, what pruning is told matters little: as many classes as outputs. */
  private Task task() {
    return given
        .map(ArrayExamples::task)
        .or(() -> source.map(DatasetSource::task))
        .orElseGet(
            () ->
                new Task.Classification(
                    checkpoint.architecture().input(),
                    Math.toIntExact(checkpoint.architecture().output().size())));
  }

  @Override
  public String toString() {
    PruningSummary.Row total = summary().total();
    return "Model[%d parameters, %d of %d weights pruned]"
        .formatted(checkpoint.architecture().parameterCount(), total.pruned(), total.weights());
  }
}
