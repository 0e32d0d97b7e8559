/** Where the rooms meet: the composition root that the command line and the Java API start from. */
@NullMarked
package io.secateur;

import org.jspecify.annotations.NullMarked;
