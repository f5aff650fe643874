/** The leader's loop: observe, judge, decide, write. */
@NullMarked
package io.beringia.failover;

import org.jspecify.annotations.NullMarked;
