/** The built-in data sets, and the places where their files are looked for. */
@NullMarked
package io.secateur.data;

import org.jspecify.annotations.NullMarked;
