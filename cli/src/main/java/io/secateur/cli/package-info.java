/** The command line: picocli commands and progress; it never loads native libraries. */
@NullMarked
package io.secateur.cli;

import org.jspecify.annotations.NullMarked;
