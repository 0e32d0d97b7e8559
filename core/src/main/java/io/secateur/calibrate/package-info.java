/** Gathers the statistics that a pruning method needs from calibration data. */
@NullMarked
package io.secateur.calibrate;

import org.jspecify.annotations.NullMarked;
