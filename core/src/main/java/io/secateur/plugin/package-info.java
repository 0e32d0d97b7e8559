/** Finds plugins by name, binds their settings to records, and says what is wrong with either. */
@NullMarked
package io.secateur.plugin;

import org.jspecify.annotations.NullMarked;
