/** All that one discovery knows at one moment, and how it survives a restart. */
@NullMarked
package io.beringia.discovery.snapshot;

import org.jspecify.annotations.NullMarked;
