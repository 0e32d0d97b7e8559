/** The built-in data sets. */
@NullMarked
package io.secateur.data;

import org.jspecify.annotations.NullMarked;
