/** Magnitude and gradient criteria on single weights, and iterative magnitude pruning. */
@NullMarked
package io.secateur.methods.magnitude;

import org.jspecify.annotations.NullMarked;
