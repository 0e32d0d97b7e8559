/** From a study file to a plan of steps, and from a plan to stored results. */
@NullMarked
package io.secateur.study;

import org.jspecify.annotations.NullMarked;
