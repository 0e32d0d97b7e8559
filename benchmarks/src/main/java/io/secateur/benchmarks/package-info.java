/** Runs the benchmarks in turns with their peers and prints one table. */
@NullMarked
package io.secateur.benchmarks;

import org.jspecify.annotations.NullMarked;
