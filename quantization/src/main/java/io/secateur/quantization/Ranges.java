package io.secateur.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.secateur.calibrate.Calibration;
import io.secateur.model.Affine;
import io.secateur.model.Checkpoint;
import io.secateur.model.NetworkBlock;
import io.secateur.model.Quantization;
import io.secateur.spi.Examples;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ranges of the activations that a static quantization rounds: of every tensor that goes
 * into a quantized layer, and of those that come out of quantized convolutions (behind a ReLU that
 * follows at once), but what the network gives. A tensor that a layer passes on as it is has the
 * range that it had before.
 */
final class Ranges {
  /** A tensor to look at, and whether what is seen of it is to be taken behind a ReLU. */
  private record Look(Span span, boolean positive) {}

  private final Wiring wiring;
  private final Range range;
  private final Map<String, Span> spans = new LinkedHashMap<>();
  private final Map<String, String> copies = new LinkedHashMap<>();
  private final Map<String, Look> inputs = new LinkedHashMap<>();
  private final Map<String, Look> outputs = new LinkedHashMap<>();

  /**
   * What is to be found.
   *
   * @param layers the quantized ones
   */
  Ranges(Wiring wiring, Set<String> layers, Range range) {
    this.wiring = wiring;
    this.range = range;
    Map<String, String> tensors = new LinkedHashMap<>();
    for (String layer : layers) {
      String out = wiring.outOf().get(layer);
      if (out != null) {
        look(out, layer, outputs, !out.equals(layer));
      }
      String into = tensor(layer);
      if (!into.equals(Quantization.INPUT) || !wiring.ids()) {
        tensors.put(layer, into);
      }
    }
    // Behind the convolutions' own, so that what was passed on finds the range it had before.
    tensors.forEach(
        (layer, into) ->
            before(into, tensors.values())
                .ifPresentOrElse(
                    before -> copies.put(into, before), () -> look(into, layer, inputs, false)));
  }

  private String tensor(String layer) {
    String tensor = wiring.into().get(layer);
    if (tensor == null) {
      throw new IllegalStateException("nothing is known of what goes into " + layer);
    }
    return tensor;
  }

  private void look(String tensor, String layer, Map<String, Look> where, boolean positive) {
    if (!spans.containsKey(tensor)) {
      Span span =
          new Span(
              tensor.equals(Quantization.INPUT)
                  ? "the network's input"
                  : "what comes out of layer " + tensor);
      spans.put(tensor, span);
      where.put(layer, new Look(span, positive));
    }
  }

  /** Returns the tensor that one was before it was passed on, if that is rounded. */
  private Optional<String> before(String tensor, Collection<String> rounded) {
    Optional<String> given = wiring.passed(tensor);
    if (given.isEmpty()) {
      return given;
    }
    return before(given.get(), rounded)
        .or(() -> given.filter(name -> spans.containsKey(name) || rounded.contains(name)));
  }

  /**
   * Returns the integers of every tensor.
   *
   * @param sample of the examples
   * @param manager on the device to compute on; owns nothing more afterwards
   */
  Map<String, Affine> of(
      Checkpoint model,
      Calibration calibration,
      Examples examples,
      int[] sample,
      NDManager manager) {
    try (NDManager own = manager.newSubManager()) {
      NetworkBlock block = model.block(own);
      pass(block, calibration.batch(), examples, sample, own, this::widen);
      if (range instanceof Range.Percentile) {
        pass(
            block,
            calibration.batch(),
            examples,
            sample,
            own,
            (look, numbers) -> look.span().count(numbers, look.positive()));
      }
    }
    Map<String, Affine> found = new LinkedHashMap<>();
    spans.forEach((tensor, span) -> found.put(tensor, affine(span)));
    copies.forEach((tensor, before) -> found.put(tensor, affine(span(before))));
    return found;
  }

  private Span span(String tensor) {
    Span span = spans.get(tensor);
    if (span == null) {
      throw new IllegalStateException("nothing was seen of " + tensor);
    }
    return span;
  }

  private Affine affine(Span span) {
    return range instanceof Range.Percentile most ? span.within(most.percentile()) : span.all();
  }

  private void widen(Look look, NDArray numbers) {
    double least = numbers.min().getFloat();
    double most = numbers.max().getFloat();
    look.span()
        .widen(
            look.positive() ? Math.max(0, least) : least,
            look.positive() ? Math.max(0, most) : most);
  }

  private void pass(
      NetworkBlock block,
      int batch,
      Examples examples,
      int[] sample,
      NDManager manager,
      BiConsumer<Look, NDArray> seen) {
    for (int first = 0; first < sample.length; first += batch) {
      int[] indices = Arrays.copyOfRange(sample, first, Math.min(sample.length, first + batch));
      try (NDScope scope = new NDScope();
          NDManager own = manager.newSubManager()) {
        scope.suppressNotUsedWarning();
        NDArray shown = examples.batch(indices, own).inputs();
        Listener listener = new Listener(block.present(shown), seen);
        block.tap(listener);
        block.forward(shown, false);
        block.untap(listener);
      }
    }
  }

  /** Sees a batch pass; positions of texts that hold padding are nothing. */
  private final class Listener implements NetworkBlock.Tap {
    private final Optional<NDArray> present;
    private final BiConsumer<Look, NDArray> seen;

    Listener(Optional<NDArray> present, BiConsumer<Look, NDArray> seen) {
      this.present = present;
      this.seen = seen;
    }

    @Override
    public void input(String layer, NDArray input) {
      see(inputs.get(layer), input);
    }

    @Override
    public NDArray output(String layer, NDArray output) {
      see(outputs.get(layer), output);
      return output;
    }

    private void see(@Nullable Look look, NDArray numbers) {
      if (look != null) {
        seen.accept(look, counted(numbers));
      }
    }

    private NDArray counted(NDArray numbers) {
      if (present.isEmpty() || numbers.getShape().dimension() != 3) {
        return numbers;
      }
      NDArray words = present.get().flatten().nonzero().flatten();
      return numbers.reshape(-1, numbers.getShape().get(2)).get(words);
    }
  }
}
