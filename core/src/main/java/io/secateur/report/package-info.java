/** From results to tables with intervals, figures, and the HTML page. */
@NullMarked
package io.secateur.report;

import org.jspecify.annotations.NullMarked;
