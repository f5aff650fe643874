/** Decisions with everything that they followed from, written down and decided again. */
@NullMarked
package io.beringia.failover.record;

import org.jspecify.annotations.NullMarked;
