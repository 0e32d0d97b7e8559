/** The algebra of sparsity: what is removed, who competes, how much goes, and the exact masks. */
@NullMarked
package io.secateur.sparsity;

import org.jspecify.annotations.NullMarked;
