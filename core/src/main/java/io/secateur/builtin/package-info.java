/** The built-in schedules and metrics. */
@NullMarked
package io.secateur.builtin;

import org.jspecify.annotations.NullMarked;
