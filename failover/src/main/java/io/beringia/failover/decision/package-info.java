/** When to move traffic: pure. */
@NullMarked
package io.beringia.failover.decision;

import org.jspecify.annotations.NullMarked;
