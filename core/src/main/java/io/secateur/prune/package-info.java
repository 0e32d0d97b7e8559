/** Turns a method's scores and a pattern into masks, and masks into zeros. */
@NullMarked
package io.secateur.prune;

import org.jspecify.annotations.NullMarked;
