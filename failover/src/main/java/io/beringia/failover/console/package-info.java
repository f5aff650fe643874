/** What a candidate shows to people: a page, and the same as JSON. */
@NullMarked
package io.beringia.failover.console;

import org.jspecify.annotations.NullMarked;
