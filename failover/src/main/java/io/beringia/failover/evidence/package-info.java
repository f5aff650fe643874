/** What every site has seen, as its discovery tells it. */
@NullMarked
package io.beringia.failover.evidence;

import org.jspecify.annotations.NullMarked;
