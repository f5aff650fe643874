/** Drives a root rotation by the rules of {@code trust.rotation}: looks, decides, stores, records, and then does it. */
@NullMarked
package io.beringia.trust.rotator;

import org.jspecify.annotations.NullMarked;
