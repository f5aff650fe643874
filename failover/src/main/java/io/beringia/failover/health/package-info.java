/** How a region is, judged from outside of it: pure. */
@NullMarked
package io.beringia.failover.health;

import org.jspecify.annotations.NullMarked;
