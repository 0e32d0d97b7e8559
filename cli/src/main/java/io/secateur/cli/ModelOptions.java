package io.secateur.cli;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.plugin.Catalogs;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Task;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that say which architecture a file of bare tensors, or a name of the zoo, stands for. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = {
        "The model whose state dict a safetensors file holds, as in a study file: lenet-300-100, or"
            + " '{ffn: {hidden: [64]}}'."
      })
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--input",
      paramLabel = "CxHxW",
      defaultValue = "1x28x28",
      description = "Shape of one example, for a model by name. Default: ${DEFAULT-VALUE}.")
  private String input = "1x28x28";

  @Option(
      names = "--classes",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many classes a model by name tells apart. Default: ${DEFAULT-VALUE}.")
  private int classes = 10;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "How many words a model of texts by name knows; its --input is how many a text has, as in"
              + " --input 64.")
  private int vocabulary;

  ModelOptions() {}

  ModelOptions(Optional<String> model, String input, int classes, int vocabulary) {
    this.model = model;
    this.input = input;
    this.classes = classes;
    this.vocabulary = vocabulary;
  }

  Optional<String> model() {
    return model;
  }

  String input() {
    return input;
  }

  int classes() {
    return classes;
  }

  int vocabulary() {
    return vocabulary;
  }

  /** Returns the architecture that {@code --model} names. */
  Optional<Architecture> architecture(Catalogs catalogs) {
    return model.map(name -> architecture(name, "--model", catalogs));
  }

  /** Returns the architecture of a model, for the task that the options describe. */
  Architecture architecture(String text, String where, Catalogs catalogs) {
    return Bound.plugin(text, ModelSource.class, catalogs, where).architecture(task());
  }

  private Task task() {
    if (!input.matches("[1-9]\\d{0,8}(x[1-9]\\d{0,8})*")) {
      throw CommandException.badInput(
          "--input %s: a shape is written 1x28x28, or 784".formatted(input));
    }
    if (classes < 1) {
      throw CommandException.badInput("--classes %d: there is at least 1".formatted(classes));
    }
    if (vocabulary < 0) {
      throw CommandException.badInput(
          "--vocabulary %d: at least 1, or 0 for a model of numbers".formatted(vocabulary));
    }
    long[] sides = Arrays.stream(input.split("x", -1)).mapToLong(Long::parseLong).toArray();
    return new Task.Classification(new Shape(sides), classes, vocabulary);
  }
}
