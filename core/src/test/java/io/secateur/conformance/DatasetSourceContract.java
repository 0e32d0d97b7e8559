package io.secateur.conformance;

import io.secateur.spi.DatasetSource;

/**
 * A test that a data set keeps the rules of its kind: its examples, as far as its files are here.
 */
public interface DatasetSourceContract extends PluginContract<DatasetSource> {}
