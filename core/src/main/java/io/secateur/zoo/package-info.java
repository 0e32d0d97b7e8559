/** The built-in model architectures. */
@NullMarked
package io.secateur.zoo;

import org.jspecify.annotations.NullMarked;
