package io.secateur.conformance;

import io.secateur.spi.PruningMethod;

/**
 * A test that a pruning method keeps the rules of its kind: scores or repaired weights, in every
 * pattern that it claims.
 */
public interface PruningMethodContract extends PluginContract<PruningMethod> {}
