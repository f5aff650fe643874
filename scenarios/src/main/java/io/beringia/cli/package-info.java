/** The launcher: one command, any set of roles. */
@NullMarked
package io.beringia.cli;

import org.jspecify.annotations.NullMarked;
