/** What the process still has, and what it gives up first. */
@NullMarked
package io.beringia.gateway.overload;

import org.jspecify.annotations.NullMarked;
