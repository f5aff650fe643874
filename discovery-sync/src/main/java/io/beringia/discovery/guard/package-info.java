/** What may go of what is missing or taken back: loss of a source looks like a wish, too. */
@NullMarked
package io.beringia.discovery.guard;

import org.jspecify.annotations.NullMarked;
