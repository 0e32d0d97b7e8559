package io.secateur.conformance;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What models keep, on tasks of all kinds. */
final class ModelRules {
  private static final List<Task> TASKS =
      List.of(
          new Task.Classification(new Shape(1, 28, 28), 10),
          new Task.Classification(new Shape(3, 32, 32), 10),
          new Task.Classification(new Shape(12), 3),
          new Task.Regression(new Shape(10), 2),
          new Task.Classification(new Shape(16), 2, 50),
          new Task.TokenPrediction(new Shape(16), 50),
          // Models of images need more than this.
          new Task.Classification(new Shape(2, 1, 1), 2));

  private final ModelSource model;
  private final Map<Task, Checkpoint> opened = new HashMap<>();

  ModelRules(ModelSource model) {
    this.model = model;
  }

  List<Rule> rules() {
    return List.of(
        new Rule("fits a task, or refuses it and says why", this::fits),
        new Rule("opens with its architecture", this::agrees),
        new Rule("equal seeds give equal parameters", this::repeats),
        new Rule("its fingerprint is that of its files", this::fingerprint));
  }

  private void fits(Findings findings) {
    boolean any = false;
    String refusal = "";
    for (Task task : TASKS) {
      Architecture architecture;
      try {
        architecture = model.architecture(task);
      } catch (IllegalArgumentException e) {
        refusal = Rule.reason(e);
        if (e.getMessage() == null) {
          findings.violation("" + task, "it refuses without a word", "a refusal says why");
        }
        continue;
      } catch (UncheckedIOException e) {
        refusal = Rule.reason(e);
        continue;
      } catch (RuntimeException e) {
        any = true;
        findings.violation(
            "" + task,
            "threw " + Rule.reason(e),
            "a task that does not fit is refused by an IllegalArgumentException that says why");
        continue;
      }
      any = true;
      long outputs =
          task instanceof Task.TokenPrediction
              ? task.input().size() * task.outputs()
              : task.outputs();
      if (!architecture.input().equals(task.input()) || architecture.output().size() != outputs) {
        findings.violation(
            "" + task,
            "its architecture takes %s and gives %s"
                .formatted(architecture.input(), architecture.output()),
            "it takes %s and gives %d numbers, or is refused".formatted(task.input(), outputs));
      }
    }
    if (!any) {
      findings.untried("it fits none of the tasks here with these settings: " + refusal);
    }
  }

  private List<Task> fitting() {
    return TASKS.stream().filter(this::takes).toList();
  }

  /** What is thrown is told by the rule about tasks. */
  private boolean takes(Task task) {
    try {
      model.architecture(task);
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private Checkpoint opened(Task task) throws IOException {
    Checkpoint known = opened.get(task);
    if (known == null) {
      known = model.open(task, 1);
      opened.put(task, known);
    }
    return known;
  }

  private void agrees(Findings findings) throws IOException {
    for (Task task : fitting()) {
      if (!opened(task).architecture().equals(model.architecture(task))) {
        findings.violation(
            "" + task,
            "it opens with another architecture than it says before",
            "plans are made with architecture(task), and open(task, seed) has the same");
      }
    }
  }

  private void repeats(Findings findings) throws IOException {
    for (Task task : fitting()) {
      Checkpoint once = opened(task);
      model.open(task, 2);
      if (!once.equals(model.open(task, 1))) {
        findings.violation(
            "" + task,
            "seed 1 gave other parameters the second time",
            "parameters are drawn from the seed, and nothing is kept from call to call");
      }
    }
  }

  private void fingerprint(Findings findings) throws IOException {
    String once = model.fingerprint();
    String again = model.fingerprint();
    if (!once.equals(again)) {
      findings.violation(
          "",
          "it was '%s', then '%s'".formatted(once, again),
          "equal files have an equal fingerprint");
    }
  }
}
