package io.secateur.conformance;

import io.secateur.spi.Recipe;

/** A test that a recipe keeps the rules of its kind: what it unfolds to. */
public interface RecipeContract extends PluginContract<Recipe> {}
