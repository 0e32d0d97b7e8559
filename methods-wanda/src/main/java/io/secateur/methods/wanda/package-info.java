/** Activation-aware and second-order criteria: Wanda, RIA, SparseGPT, OBD. */
@NullMarked
package io.secateur.methods.wanda;

import org.jspecify.annotations.NullMarked;
