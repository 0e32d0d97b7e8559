/** Architectures as values, the tensors that fill them, and checkpoints with their files. */
@NullMarked
package io.secateur.model;

import org.jspecify.annotations.NullMarked;
