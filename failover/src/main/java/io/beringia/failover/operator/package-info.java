/** What operators may ask of the leader. */
@NullMarked
package io.beringia.failover.operator;

import org.jspecify.annotations.NullMarked;
