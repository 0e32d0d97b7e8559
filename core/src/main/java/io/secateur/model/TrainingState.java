package io.secateur.model;

import java.util.List;
import java.util.Map;

/**
 * Where a training stands, so that it can go on as if it had not stopped.
 *
 * @param step optimiser steps done
 * @param total optimiser steps of the whole training; a training at its end is over, and the next
 *     one starts afresh
 * @param optimizer the optimiser's tensors by name, {@code <parameter>/<slot>}; empty at the end
 * @param history what was recorded at the end of each epoch so far
 */
public record TrainingState(
    long step, long total, Map<String, Tensor> optimizer, List<Epoch> history) {
  public TrainingState {
    optimizer = Map.copyOf(optimizer);
    history = List.copyOf(history);
  }

  /** The numbers of one epoch, from 1. */
  public record Epoch(int epoch, Map<String, Double> numbers) {
    public Epoch {
      numbers = Map.copyOf(numbers);
    }
  }

  /** Returns whether there is nothing left to do. */
  public boolean over() {
    return step >= total;
  }
}
