/** The training loop that keeps masks: optimisers, learning rates and losses. */
@NullMarked
package io.secateur.train;

import org.jspecify.annotations.NullMarked;
