package io.secateur.spi;

/**
 * A step as a pipeline lists it: {@code - train: {epochs: 2, label: dense}}.
 *
 * @param label the name given to the checkpoint that the step leaves; empty for none
 */
public record LabelledStep(Step step, String label) {}
