package io.secateur.conformance;

import io.secateur.spi.ModelSource;

/** A test that a model keeps the rules of its kind: architectures and first parameters. */
public interface ModelSourceContract extends PluginContract<ModelSource> {}
