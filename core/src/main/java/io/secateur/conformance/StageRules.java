package io.secateur.conformance;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.ParameterSpec;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.TrainingStage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What stages keep, on small models with which they find no fault. */
final class StageRules {
  private final Stage stage;
  private final StageRuns runs;

  StageRules(Stage stage) {
    this.stage = stage;
    this.runs = new StageRuns(stage);
  }

  List<Rule> rules() {
    List<Rule> rules =
        new ArrayList<>(
            List.of(
                new Rule("runs wherever it finds no fault", this::runs),
                new Rule("leaves the checkpoint that it is given as it is", this::untouched),
                new Rule("equal seeds give equal checkpoints", this::repeats),
                new Rule("pruned weights stay at 0", this::masks),
                new Rule("leaves no native array behind", this::frees),
                new Rule("foresees what happens", this::foresight),
                new Rule("says whether it quantizes", this::quantization)));
    if (stage instanceof TrainingStage training) {
      rules.add(
          new Rule("cut at a step and gone on with, it ends the same", f -> cut(training, f)));
    }
    return rules;
  }

  private void runs(Findings findings) {
    if (runs.all().isEmpty()) {
      runs.refusals().forEach(findings::untried);
    }
    for (StageRuns.Run run : runs.all()) {
      run.failure()
          .ifPresent(
              failure ->
                  findings.violation(
                      run.where(), failure, "faults() tells, before, what makes it impossible"));
    }
  }

  private void untouched(Findings findings) {
    for (StageRuns.Run run : runs.ended()) {
      if (run.touched()) {
        findings.violation(
            run.where(),
            "it writes to the attachments that it is given",
            "a checkpoint is a value: make another one");
      }
    }
  }

  private void repeats(Findings findings) {
    for (StageRuns.Run run : runs.ended()) {
      if (!run.outputs().get(0).equals(run.outputs().get(1)) && !run.touched()) {
        findings.violation(
            run.where(),
            "two runs gave other checkpoints",
            "what is random is drawn from context.seed(), and nothing is kept from run to run");
      }
    }
  }

  private void masks(Findings findings) {
    for (StageRuns.Run run : runs.ended()) {
      Checkpoint output = run.outputs().get(0);
      for (ParameterSpec spec : output.architecture().parameters()) {
        if (!output.masks().containsKey(spec.name())) {
          continue;
        }
        if (!Zeros.held(output.parameter(spec.name()), output.mask(spec.name()))) {
          findings.violation(
              run.where(),
              spec.name() + " has pruned cells that are not +0.0",
              "whoever changes weights sets pruned ones to +0.0 again");
        }
      }
      for (String name : run.input().masks().keySet()) {
        boolean there =
            output.architecture().parameters().stream().anyMatch(spec -> spec.name().equals(name))
                && output.mask(name).form().equals(run.input().mask(name).form());
        if (there && output.mask(name).pruned() < run.input().mask(name).pruned()) {
          findings.violation(
              run.where(),
              "%s had %d cells pruned, and has %d"
                  .formatted(name, run.input().mask(name).pruned(), output.mask(name).pruned()),
              "masks are handed on: what is pruned stays so");
        }
      }
    }
  }

  private void frees(Findings findings) {
    for (StageRuns.Run run : runs.ended()) {
      if (run.left() > 0) {
        findings.violation(
            run.where(),
            "%d arrays live on afterwards".formatted(run.left()),
            "what a stage allocates it frees: close its managers");
      }
    }
  }

  private void foresight(Findings findings) {
    for (StageRuns.Run run : runs.ended()) {
      Architecture architecture = run.input().architecture();
      Map<String, Long> before = new LinkedHashMap<>();
      architecture
          .prunable()
          .forEach(spec -> before.put(spec.name(), run.input().mask(spec.name()).pruned()));
      Checkpoint output = run.outputs().get(0);
      stage
          .foresee(architecture, before)
          .forEach(
              (weights, foreseen) -> {
                Optional<Long> lost = lost(output, weights);
                if (lost.isPresent() && !lost.get().equals(foreseen)) {
                  findings.violation(
                      run.where(),
                      "it foresees %d cells lost of %s, and %d are"
                          .formatted(foreseen, weights, lost.get()),
                      "foresee() says what happens, and leaves out what it cannot know");
                }
              });
    }
  }

  /** Returns how many cells some weights have lost; nothing for what counts units. */
  private static Optional<Long> lost(Checkpoint output, String weights) {
    if (weights.startsWith(Stage.UNITS_OF)) {
      return Optional.empty();
    }
    int by = weights.indexOf(" by ");
    long lost = 0;
    for (String name : (by < 0 ? weights : weights.substring(0, by)).split(", ", -1)) {
      boolean there =
          output.architecture().parameters().stream().anyMatch(s -> s.name().equals(name));
      lost += there ? output.mask(name).pruned() : 0;
    }
    return Optional.of(lost);
  }

  private void quantization(Findings findings) {
    for (StageRuns.Run run : runs.ended()) {
      boolean given = run.input().quantization().isPresent();
      boolean left = run.outputs().get(0).quantization().isPresent();
      boolean said = given || stage.quantizes();
      if (left != said) {
        findings.violation(
            run.where(),
            left ? "it leaves a quantized model" : "it leaves a model that is not quantized",
            left
                ? "quantizes() says so before"
                : "refusal() and quantizes() say otherwise: what is quantized stays so");
      }
    }
  }

  private void cut(TrainingStage training, Findings findings) throws IOException {
    for (StageRuns.Run run : runs.ended()) {
      if (run.input().masks().isEmpty()) {
        continue;
      }
      Stage.Context context = runs.context(run.trial());
      long steps = training.steps(run.trial().examples(Split.TRAIN).size());
      Checkpoint first = training.until(steps / 2).run(Trial.copy(run.input()), context);
      Checkpoint end = training.run(first, context);
      if (!end.equals(run.outputs().get(0))) {
        findings.violation(
            run.where(),
            "cut after step %d of %d it ends otherwise".formatted(steps / 2, steps),
            "training to a step and then on equals training straight through, bit for bit");
      }
    }
  }
}
