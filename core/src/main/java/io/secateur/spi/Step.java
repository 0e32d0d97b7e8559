package io.secateur.spi;

/** What a pipeline lists: a stage, or a recipe that unfolds into stages. */
public sealed interface Step extends Plugin permits Stage, Recipe {}
