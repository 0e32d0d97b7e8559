/** Products that skip zeros, and how long they take beside the engine's. */
@NullMarked
package io.secateur.quantization.sparse;

import org.jspecify.annotations.NullMarked;
