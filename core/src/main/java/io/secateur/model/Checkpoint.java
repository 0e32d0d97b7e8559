package io.secateur.model;

import io.secateur.sparsity.Mask;
import java.util.Map;
import java.util.Optional;

/**
 * A model at rest: what a stage takes and what it returns.
 *
 * @param architecture the network without its numbers
 * @param parameters by PyTorch's names, in the architecture's order; pruned cells are +0.0
 * @param masks of the weights that were pruned, by parameter name; absent means all is kept
 * @param training where a training was interrupted, or that it is over
 * @param attachments small files that belong to the model (vocabulary, tokenizer), by name
 */
public record Checkpoint(
    Architecture architecture,
    Map<String, Tensor> parameters,
    Map<String, Mask> masks,
    Optional<TrainingState> training,
    Map<String, byte[]> attachments) {
  // The canonical constructor checks names, shapes and masks against the architecture and copies.
}
