/** Checks that plugins keep the rules of their interfaces, in tests and before a study is run. */
@NullMarked
package io.secateur.conformance;

import org.jspecify.annotations.NullMarked;
