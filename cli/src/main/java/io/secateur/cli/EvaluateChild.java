package io.secateur.cli;

import ai.djl.Device;
import ai.djl.engine.Engine;
import com.google.inject.Guice;
import com.google.inject.Injector;
import io.secateur.SecateurModule;
import io.secateur.evaluate.Evaluation;
import io.secateur.model.Checkpoint;
import io.secateur.plugin.Catalog;
import io.secateur.plugin.Catalogs;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import io.secateur.study.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** A child that measures a checkpoint on a data set. */
final class EvaluateChild {
  private EvaluateChild() {}

  /** Answers the question in the file named first into the file named second. */
  public static void main(String[] arguments) throws IOException {
    EvaluateQuestion question = EvaluateQuestion.of(ChildFiles.read(Path.of(arguments[0])));
    Path answer = Path.of(arguments[1]);
    Map<String, String> answered;
    try {
      answered = answer(question, Files.createDirectory(answer.resolveSibling("work")));
    } catch (IOException | RuntimeException e) {
      answered =
          Map.of(
              "error",
              String.join("\n", Errors.lines(e)),
              "exit",
              Integer.toString(Errors.exitCode(e)));
    }
    ChildFiles.write(answered, answer);
    // Not exit: natives need no farewell, and threads of plugins must not delay it.
    Runtime.getRuntime().halt(0);
  }

  private static Map<String, String> answer(EvaluateQuestion question, Path folder)
      throws IOException {
    Injector injector = Guice.createInjector(new SecateurModule(question.setup()));
    Catalogs catalogs = injector.getInstance(Catalogs.class);
    DatasetSource data =
        Bound.plugin(question.data(), DatasetSource.class, catalogs, "the data set");
    Checkpoint checkpoint =
        new Subject.Reader(injector.getInstance(Runs.class), catalogs, question.model())
            .checkpoint(question.checkpoint());
    refuseOther(checkpoint, data);
    DataFiles files = injector.getInstance(DataFiles.class);
    refuseOther(checkpoint, data.name(), data.attachments(files));
    List<Metric> metrics = metrics(question, catalogs, data.task());
    Device device = question.setup().device().equals("gpu") ? gpu() : Device.cpu();
    Place place = new Place(data, files, device, question.threads(), folder);
    Map<String, String> answer = new LinkedHashMap<>();
    Evaluation.measure(checkpoint, metrics, place)
        .forEach(
            (metric, values) ->
                values.stream()
                    .filter(value -> value.layer().isEmpty())
                    .forEach(
                        value ->
                            answer.put(
                                "%04d %s".formatted(answer.size(), value.quantity()),
                                value.value() + " " + unit(metric, value.quantity()))));
    return answer;
  }

  private static void refuseOther(Checkpoint checkpoint, DatasetSource data) {
    Task task = data.task();
    if (!checkpoint.architecture().input().equals(task.input())) {
      throw CommandException.badInput(
          "the model takes examples of %s, those of '%s' are %s"
              .formatted(checkpoint.architecture().input(), data.name(), task.input()));
    }
    // Of tokens, a score for each of the vocabulary at every position.
    long asked = task.outputs() * (task instanceof Task.TokenPrediction ? task.input().size() : 1);
    if (checkpoint.architecture().output().size() != asked) {
      throw CommandException.badInput(
          "the model gives %d numbers, '%s' asks for %d"
              .formatted(checkpoint.architecture().output().size(), data.name(), asked));
    }
  }

  /** A model that carries none was written by somebody else, and is taken at its user's word. */
  private static void refuseOther(
      Checkpoint checkpoint, String data, Map<String, byte[]> attachments) {
    attachments.forEach(
        (name, bytes) -> {
          byte[] own = checkpoint.attachments().get(name);
          if (own != null && !Arrays.equals(own, bytes)) {
            throw CommandException.badInput(
                ("the model was trained with another %s than '%s' has with these settings and"
                        + " files; name the data set as it was trained on, as in --set-data"
                        + " '{%s: {limit: 1000}}'")
                    .formatted(name, data, data));
          }
        });
  }

  private static Device gpu() {
    if (Engine.getInstance().getGpuCount() == 0) {
      throw CommandException.badInput(
          "no GPU is visible to the engine: build with SECATEUR_PROFILES=gpu (the Maven profile"
              + " gpu) on a machine with an NVIDIA driver, or use --device cpu");
    }
    return Device.gpu();
  }

  /** The metrics asked for; else all of predictions, which cost one pass together. */
  private static List<Metric> metrics(EvaluateQuestion question, Catalogs catalogs, Task task) {
    List<Metric> metrics = new ArrayList<>();
    for (String text : question.metrics()) {
      metrics.add(Bound.plugin(text, Metric.class, catalogs, "--measure"));
    }
    if (metrics.isEmpty()) {
      for (Catalog.Entry<Metric.OfPredictions> entry :
          catalogs.of(Metric.OfPredictions.class).entries()) {
        Metric.OfPredictions metric = entry.defaults();
        if (metric.suits(task)) {
          metrics.add(metric);
        }
      }
      catalogs.of(Metric.class).find("sparsity").ifPresent(entry -> metrics.add(entry.defaults()));
    }
    return metrics;
  }

  private static String unit(Metric metric, String quantity) {
    return metric.quantities().stream()
        .filter(each -> each.name().equals(quantity))
        .findFirst()
        .map(Metric.Quantity::unit)
        .orElse("");
  }

  private record Place(
      DatasetSource source, DataFiles files, Device device, int threads, Path folder)
      implements Evaluation.Setting {
    @Override
    public Examples data(Split split) throws IOException {
      return source.open(split, files);
    }

    @Override
    public Task task() {
      return source.task();
    }

    @Override
    public LongSupplier nanos() {
      return System::nanoTime;
    }
  }
}
