package io.secateur.study;

import io.secateur.spi.DataFiles;

/**
 * What a study's numbers depend on beside its file.
 *
 * @param files where its data set finds its files
 * @param engine names and versions of the engine
 * @param device {@code cpu} or {@code gpu}
 * @param machine identifies the machine, for timings
 */
record Surroundings(DataFiles files, String engine, String device, String machine) {}
