/** The role {@code discovery}: wiring, configuration, and every meter and sentence of it. */
@NullMarked
package io.beringia.discovery;

import org.jspecify.annotations.NullMarked;
