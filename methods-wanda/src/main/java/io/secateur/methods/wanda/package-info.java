/** Criteria that look at activations, curvature or flow: Wanda, RIA, SparseGPT, OBD, SynFlow. */
@NullMarked
package io.secateur.methods.wanda;

import org.jspecify.annotations.NullMarked;
