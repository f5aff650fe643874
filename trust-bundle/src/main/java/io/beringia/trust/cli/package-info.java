/** The commands of the one {@code beringia} command line that make and show certificates. */
@NullMarked
package io.beringia.trust.cli;

import org.jspecify.annotations.NullMarked;
