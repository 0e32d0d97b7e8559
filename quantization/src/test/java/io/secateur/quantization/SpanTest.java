package io.secateur.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.Calibration;
import io.secateur.model.Affine;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Linear;
import io.secateur.model.Quantization;
import io.secateur.prune.RandomNetworks;
import io.secateur.prune.RecordedContext;
import io.secateur.spi.Task;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class SpanTest {
  @Test
  void percentilesAreThoseOfTheSortedNumbersToWithinABin() {
    Random random = new Random(7);
    float[] numbers = new float[30_000];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) (random.nextGaussian() * Math.exp(random.nextGaussian()));
    }
    Span span = spanned(numbers);
    float[] sorted = numbers.clone();
    Arrays.sort(sorted);
    double bin = (sorted[sorted.length - 1] - (double) sorted[0]) / Span.BINS;

    for (double percentile : new double[] {99.99, 99.9, 99, 90, 60}) {
      int beside = (int) Math.floor(numbers.length * (1 - percentile / 100) / 2);
      Affine within = span.within(percentile);
      double low = -within.zeroPoint() * (double) within.scale();
      double high = (Affine.LARGEST - within.zeroPoint()) * (double) within.scale();

      // The zero point is rounded to an integer, and so are the ends, by half a step.
      double off = bin + within.scale() / 2.0 + 1e-5;
      assertThat(low).isEqualTo(sorted[beside], Offset.offset(off));
      assertThat(high).isEqualTo(sorted[numbers.length - 1 - beside], Offset.offset(off));
      assertThat(within.scale() * 255.0)
          .isEqualTo(
              sorted[numbers.length - 1 - beside] - sorted[beside], Offset.offset(2 * bin + 1e-5));
    }
  }

  @Test
  void ofAllNumbersItIsMinMax() {
    float[] numbers = {-1, 0.5f, 3, 0.25f};

    assertThat(spanned(numbers).within(100)).isEqualTo(Affine.over(-1, 3));
    assertThat(spanned(numbers).all()).isEqualTo(Affine.over(-1, 3));
  }

  @Test
  void numbersThatAreAllAlikeHaveARange() {
    assertThat(spanned(new float[] {2, 2, 2}).within(99)).isEqualTo(Affine.over(0, 2));
    assertThat(spanned(new float[] {0, 0}).within(99)).isEqualTo(new Affine(1, 0));
  }

  private static Span spanned(float[] numbers) {
    Span span = new Span("x");
    float[] sorted = numbers.clone();
    Arrays.sort(sorted);
    span.widen(sorted[0], sorted[sorted.length - 1]);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      int half = numbers.length / 2;
      span.count(manager.create(Arrays.copyOf(numbers, half)), false);
      span.count(manager.create(Arrays.copyOfRange(numbers, half, numbers.length)), false);
    }
    return span;
  }

  @Test
  void anOutlierDoesNotWidenThePercentile() throws IOException {
    Architecture one = new Architecture(new Shape(4), List.of(new Linear("fc", 2)));
    Checkpoint model = RandomNetworks.model(one, 1);
    float[][] inputs = Networks.examples(one, 200, 3);
    inputs[17][2] = 1000;
    RecordedContext context =
        new RecordedContext(new Task.Regression(new Shape(4), 2), inputs, new float[200][2]);

    Affine all = input(new Range.MinMax(), model, context);
    Affine most = input(new Range.Percentile(99), model, context);

    assertThat(all.scale()).isGreaterThan(3.9f);
    assertThat(most.scale()).isLessThan(0.05f);
  }

  private static Affine input(Range range, Checkpoint model, RecordedContext context)
      throws IOException {
    Checkpoint after =
        new Quantize(
                Quantize.Granularity.PER_CHANNEL,
                Quantize.Activations.STATIC,
                range,
                new Calibration(200, 33),
                new WeightRounding.Nearest(),
                true,
                false,
                List.of("*"),
                List.of())
            .run(model, context);
    return Objects.requireNonNull(
        after.quantization().orElseThrow().activations().get(Quantization.INPUT));
  }
}
