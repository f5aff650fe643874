/** Root rotation: from one root of a trust domain to the next, by observed adoption alone. Pure. */
@NullMarked
package io.beringia.trust.rotation;

import org.jspecify.annotations.NullMarked;
