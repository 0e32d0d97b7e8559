/** Criteria that score channels and heads: norms, batch-norm scales, geometric medians. */
@NullMarked
package io.secateur.methods.structured;

import org.jspecify.annotations.NullMarked;
