package io.secateur.conformance;

import io.secateur.spi.Stage;

/** A test that a stage keeps the rules of its kind: checkpoints, seeds and masks. */
public interface StageContract extends PluginContract<Stage> {}
