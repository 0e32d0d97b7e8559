package io.secateur.conformance;

import io.secateur.spi.Format;

/** A test that a file format keeps the rules of its kind: what it writes and reads. */
public interface FormatContract extends PluginContract<Format> {}
