/** Faults on purpose: networks of our own whose links are cut, and processes that are stopped, frozen and killed, each only by
 * the name or pid under which we made it. */
@NullMarked
package io.beringia.scenarios.fault;

import org.jspecify.annotations.NullMarked;
