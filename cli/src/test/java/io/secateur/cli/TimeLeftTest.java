package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.builtin.Accuracy;
import io.secateur.builtin.Latency;
import io.secateur.data.Digits;
import io.secateur.spi.Split;
import io.secateur.study.Plan;
import io.secateur.study.Study;
import io.secateur.zoo.Ffn;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TimeLeftTest {
  private final Plan.Node open = node("a", new Plan.Open());
  private final Plan.Node first = node("b", new Plan.Measure(new Accuracy()));
  private final Plan.Node second = node("c", new Plan.Measure(new Accuracy()));
  private final Plan.Node third = node("d", new Plan.Measure(new Accuracy()));

  private static Plan.Node node(String key, Plan.Work work) {
    return new Plan.Node(key, "", work, 1, 0, "");
  }

  private Plan plan() {
    Study study =
        new Study(
            "x",
            List.of(1L),
            1,
            new Digits(),
            new Ffn(),
            List.of(),
            List.of(),
            List.of(Split.TEST),
            0,
            List.of(),
            "",
            "",
            List.of(),
            "x.yaml");
    return new Plan(study, List.of(open, first, second, third), List.of());
  }

  @Test
  void nothingIsSaidBeforeAStepHasFinished() {
    assertThat(new TimeLeft(plan(), Set.of(), 1).estimate()).isEmpty();
  }

  @Test
  void whatIsLeftOfAKindTakesWhatThatKindTook() {
    TimeLeft left = new TimeLeft(plan(), Set.of(), 1);
    left.finished(open, 100);
    left.finished(first, 2);
    assertThat(left.estimate()).contains(Duration.ofSeconds(4));
  }

  @Test
  void aKindThatHasNotFinishedYetTakesTheMeanOfAll() {
    TimeLeft left = new TimeLeft(plan(), Set.of("b"), 1);
    left.finished(open, 10);
    assertThat(left.estimate()).contains(Duration.ofSeconds(20));
  }

  @Test
  void whatIsDoneOrFailedTakesNoTime() {
    TimeLeft left = new TimeLeft(plan(), Set.of("b", "c"), 1);
    left.finished(open, 10);
    left.gone(third);
    assertThat(left.estimate()).contains(Duration.ZERO);
  }

  @Test
  void workersDivideWhatIsLeftButNotWhatIsTimed() {
    TimeLeft left = new TimeLeft(plan(), Set.of(), 2);
    left.finished(open, 100);
    left.finished(first, 2);
    assertThat(left.estimate()).contains(Duration.ofSeconds(2));
    Plan.Node clocked = node("e", new Plan.Measure(new Latency()));
    Plan.Node again = node("f", new Plan.Measure(new Latency()));
    TimeLeft alone =
        new TimeLeft(
            new Plan(plan().study(), List.of(open, clocked, again), List.of()), Set.of("a"), 2);
    alone.finished(clocked, 3);
    assertThat(alone.estimate()).contains(Duration.ofSeconds(3));
  }
}
