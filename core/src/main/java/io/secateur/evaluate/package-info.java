/** Measures a checkpoint: all metrics of predictions in one pass, the others one by one. */
@NullMarked
package io.secateur.evaluate;

import org.jspecify.annotations.NullMarked;
