/** What our own observers see, to what our own clients do: without a leader, within a second or two. */
@NullMarked
package io.beringia.discovery.reflex;

import org.jspecify.annotations.NullMarked;
