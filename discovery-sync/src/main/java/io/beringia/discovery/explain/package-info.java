/** What operators are told: the whole picture of one discovery, and why one flow goes where it goes. */
@NullMarked
package io.beringia.discovery.explain;

import org.jspecify.annotations.NullMarked;
