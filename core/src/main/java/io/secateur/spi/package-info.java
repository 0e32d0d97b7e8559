/** What a plugin implements, and the few types it is handed. */
@NullMarked
package io.secateur.spi;

import org.jspecify.annotations.NullMarked;
