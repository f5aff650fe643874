/** A whole mesh on one virtual clock: the real rules of every module, and simulated wires between them. */
@NullMarked
package io.beringia.scenarios.world;

import org.jspecify.annotations.NullMarked;
