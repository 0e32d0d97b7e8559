package io.secateur.conformance;

import io.secateur.spi.Metric;

/**
 * A test that a metric keeps the rules of its kind: its quantities, on every task that it suits.
 */
public interface MetricContract extends PluginContract<Metric> {}
