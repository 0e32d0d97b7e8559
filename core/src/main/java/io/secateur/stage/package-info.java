/** The built-in stages of a pipeline: train, finetune, prune, rewind, and the rounds recipe. */
@NullMarked
package io.secateur.stage;

import org.jspecify.annotations.NullMarked;
